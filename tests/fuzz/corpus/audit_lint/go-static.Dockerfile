# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.25-trixie@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN --mount=type=cache,target=/root/.cache/go-build \
    # cgo would need a C library
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -o /out/server ./cmd/server

FROM gcr.io/distroless/static-debian13:nonroot@sha256:0000000000000000000000000000000000000000000000000000000000000001
COPY --from=build /out/server /usr/bin/server
EXPOSE 8080
ENTRYPOINT ["/usr/bin/server"]
