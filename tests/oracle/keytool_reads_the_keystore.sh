# Java's keytool reads the keystore that pare makes, and finds in it the certificates that openssl
# finds in the packages: those of this machine, two that share a subject, and one that is not ASCII.
source "$PARE_SOURCE/tests/support/lib.sh"
command -v keytool >/dev/null || skip "no keytool (openjdk-17-jre-headless)"

certificates=$work/certificates/usr/share/ca-certificates
mkdir -p "$certificates/test" "$work/java/usr/lib/jvm/java-17-openjdk-amd64/lib"
touch "$work/java/usr/lib/jvm/java-17-openjdk-amd64/lib/libjava.so"
[[ -d /usr/share/ca-certificates/mozilla ]] && cp -r /usr/share/ca-certificates/mozilla "$certificates/"
make_certificate() {
    openssl req -x509 -newkey ed25519 -nodes -keyout /dev/null -days 3650 -utf8 -subj "$2" \
        -out "$certificates/test/$1.crt" 2>/dev/null
}
make_certificate first '/C=DE/O=Acme, Inc./CN=Acme Root'
make_certificate second '/C=DE/O=Acme, Inc./CN=ACME  Root'
make_certificate unicode '/O=TÜRK ŞİRKETİ 社内/CN=Főtanúsítvány'
{ cat "$certificates/test/first.crt"; echo "# the same again"; } >"$certificates/test/third.crt"
find "$certificates" -name '*.crt' -exec openssl x509 -noout -fingerprint -sha256 -in {} ';' |
    sed 's/.*=//' | sort -u >"$work/wanted"
[[ $(wc -l <"$work/wanted") -ge 3 ]] || fail "openssl made no certificates"

make_key archive
make_deb certificates 1.0 "$work/certificates"
make_deb java 1.0 "$work/java"
make_repository
definition certificates java
expect 0 build
umoci unpack --rootless --image "$work/image:$(jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' "$work/image/index.json")" "$work/bundle" >/dev/null
keystore=$work/bundle/rootfs/etc/ssl/certs/java/cacerts

keytool -list -keystore "$keystore" -storepass changeit >"$work/listed" || fail "keytool does not read the keystore"
grep -q '^Keystore type: JKS' "$work/listed" || fail "keytool takes it for another type"
sed -n 's/^Certificate fingerprint (SHA-256): //p' "$work/listed" | sort >"$work/found"
diff "$work/wanted" "$work/found" || fail "not the certificates that openssl finds"
for alias in 'cn=acme root,o=acme\, inc.,c=de' 'cn=acme root,o=acme\, inc.,c=de <2>'; do
    keytool -exportcert -alias "$alias" -keystore "$keystore" -storepass changeit -file "$work/exported" 2>/dev/null ||
        fail "no certificate under the alias $alias"
done
cmp -s "$work/exported" <(openssl x509 -in "$certificates/test/second.crt" -outform DER) || fail "another certificate comes back"
! keytool -list -keystore "$keystore" -storepass wrong >/dev/null || fail "the checksum depends on no password"
