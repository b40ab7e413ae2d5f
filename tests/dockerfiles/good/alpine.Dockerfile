FROM golang:1.25-alpine@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS build
COPY . /src
RUN apk add --no-cache gcc musl-dev && cd /src && go build -o /server .
FROM alpine:3.22@sha256:0000000000000000000000000000000000000000000000000000000000000001
RUN apk add --no-cache tini
COPY --from=build /server /server
USER 10000
ENTRYPOINT ["/sbin/tini", "--", "/server"]
