# escape=`
FROM cgr.dev/chainguard/nginx:latest@sha256:0000000000000000000000000000000000000000000000000000000000000001
COPY <<-"SETTINGS" /etc/nginx/conf.d/default.conf
	server {
		listen 8080;
		root /srv/$host;
	}
SETTINGS
COPY --chown=65532:65532 dist/ `
    # what the site is
    /srv/
VOLUME /tmp/cache
EXPOSE 8080/tcp
