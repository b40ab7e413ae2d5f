FROM debian:13-slim@sha256:0000000000000000000000000000000000000000000000000000000000000001
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN <<INSTALL
set -e
apt-get update
apt-get install -y --no-install-recommends postgresql-client
rm -rf /var/lib/apt/lists/*
INSTALL
COPY --chmod=0755 backup.sh /usr/local/bin/backup
USER 10000:10000
CMD ["/usr/local/bin/backup"]
