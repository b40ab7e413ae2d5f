FROM gcr.io/distroless/static-debian13:nonroot@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS base
LABEL org.opencontainers.image.source="https://git.example/servers"

FROM base AS one
COPY one /one
ENTRYPOINT ["/one"]

FROM base AS two
COPY two /two
ENTRYPOINT ["/two"]
