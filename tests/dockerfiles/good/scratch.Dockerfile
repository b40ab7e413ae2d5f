FROM golang:1.25-alpine@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS build
COPY . /src
RUN cd /src && go build -o /server .

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=build /server /server
ENV TZ=UTC
USER 65532:65532
ENTRYPOINT ["/server"]
