# Passwords and tokens are heard by the registry, and by the realm that it may name: not by the
# storage that it redirects to, not by a realm without encryption, not by a mirror.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app >/dev/null

start_registry redirects --token me:secret --redirect-blobs
printf 'secret' | expect 0 pare login "$registry" -u me --password-stdin
expect 0 pare push "oci:$work/image" "$registry/app:1"
expect 0 pare pull "$registry/app:1" -o "$work/back" -t app
same_blobs "$work/image" "$work/back"
is_asked 4 redirects '^GET /v2/app/blobs/.* 200 .* storage-none$'
is_asked 0 redirects 'storage-(basic|bearer|other)'

# A mirror has credentials of its own.
start_registry mirror
expect 0 pare push "oci:$work/image" "$registry/app:1"
mkdir -p "$work/docker"
auth=$(printf 'me:secret' | base64)
printf '{"auths":{"registry.invalid":{"auth":"%s"}}}' "$auth" >"$work/docker/config.json"
DOCKER_CONFIG=$work/docker expect 0 pare pull registry.invalid/app:1 -o "$work/mirrored" \
    --rewrite "https://registry.invalid/=http://$registry/"
is_asked 0 mirror ' (basic|bearer|other)$'
start_registry asking --basic me:secret
DOCKER_CONFIG=$work/docker expect 3 pare pull registry.invalid/app:1 -o "$work/none" \
    --rewrite "https://registry.invalid/=http://$registry/"
is_asked 0 asking ' basic$'

# With TLS, a realm without.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
start_registry listener
realm=http://$registry/token
start_registry secure --tls "$work/cert.pem" "$work/key.pem" --token me:secret --realm "$realm"
printf '{"auths":{"%s":{"auth":"%s"}}}' "$registry" "$auth" >"$work/docker/config.json"
DOCKER_CONFIG=$work/docker expect 4 pare ls "$registry/app" --ca "$work/cert.pem"
says "which is not encrypted"
is_asked 0 listener .

# TLS is checked, unless its authority is named.
start_registry tls --tls "$work/cert.pem" "$work/key.pem"
expect 3 pare ls "$registry/app"
expect 0 pare push "oci:$work/image" "$registry/app:1" --ca "$work/cert.pem"
SSL_CERT_FILE=$work/cert.pem expect 0 pare ls "$registry/app"
prints 1
