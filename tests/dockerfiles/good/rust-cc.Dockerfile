ARG RUST=1.90-trixie@sha256:0000000000000000000000000000000000000000000000000000000000000001
FROM rust:${RUST} AS build
WORKDIR /src
COPY . .
RUN cargo build --release

FROM gcr.io/distroless/cc-debian13:nonroot@sha256:0000000000000000000000000000000000000000000000000000000000000001
COPY --from=build /src/target/release/server /server
HEALTHCHECK --interval=30s --timeout=3s CMD ["/server", "--check"]
CMD ["/server"]
