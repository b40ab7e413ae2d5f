FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY src ./src

FROM gcr.io/distroless/nodejs24-debian13:nonroot@sha256:0000000000000000000000000000000000000000000000000000000000000001
COPY --from=build /app /app
WORKDIR /app
CMD ["src/main.js"]
