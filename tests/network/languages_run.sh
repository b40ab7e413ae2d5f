# Python, Java and Node.js of both releases do real work under runc as nonroot on a read-only root:
# every module of the standard library, TLS against a CA of the user's own, fonts, encodings, HTTP.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the images are for amd64"
make_nodejs

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/ca.key" -out "$work/ca.pem" -subj "/CN=Test CA" -days 3650 \
    -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout "$work/server.key" -out "$work/server.csr" -subj "/CN=localhost" 2>/dev/null
openssl x509 -req -in "$work/server.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 3650 \
    -extfile <(printf 'subjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n') -out "$work/server.pem" 2>/dev/null

# image NAME RELEASE FILE [PACKAGES]: NAME:nonroot with the program and the test's CA on top; ends as
# a bundle.
image() {
    rm -rf "$work/layout" "$work/bundle"
    cat >"$work/image.yaml" <<END
from: $1:nonroot
contents:
  packages: [${4:-}]
  files:
    - {from: $support/languages/$3, to: /$3}
    - {from: $work/server.pem, to: /server.pem}
    - {from: $work/server.key, to: /server.key, mode: 0o644}
certificates:
  additional:
    - name: test
      content: |
$(sed 's/^/        /' "$work/ca.pem")
END
    pare build "$work/image.yaml" "${nodejs[@]}" --distribution "$2" --arch amd64 --tag test -o "$work/layout"
    unpack "$work/layout" test "$work/bundle"
}
# works NAME RELEASE FILE PROGRAM...: the program says "all is well".
works() {
    local name=$1 release=$2 file=$3
    shift 3
    image "$name" "$release" "$file"
    run_bundle "$work/bundle" "$@" "/$file" >"$work/said" 2>&1 || true
    grep -q "all is well" "$work/said" || {
        tail -n 30 "$work/said" >&2
        fail "$name on $release"
    }
}
works python3 debian:13 check.py /usr/bin/python3
works python3 debian:12 check.py /usr/bin/python
works nodejs debian:13 check.js /nodejs/bin/node
works nodejs debian:12 check.js /nodejs/bin/node
works nodejs22 debian:13 check.js /nodejs/bin/node
works nodejs24 debian:13 check.js /nodejs/bin/node
works nodejs22 debian:12 check.js /nodejs/bin/node
works java21 debian:13 Check.java /usr/bin/java
works java17 debian:12 Check.java /usr/bin/java
works java25 debian:13 Check.java /usr/bin/java
