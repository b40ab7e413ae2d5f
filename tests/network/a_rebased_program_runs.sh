# A C++ program that uses OpenSSL, on `cc` of Debian 12, moves to `cc` of Debian 13 without being built again, and runs
# there under runc with the OpenSSL of Debian 13. A definition that starts from `cc` by name moves too, with --base.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
cat >"$work/probe.cc" <<'END'
#include <openssl/crypto.h>
#include <iostream>
int main() {
    std::cout << OpenSSL_version(OPENSSL_VERSION_STRING) << std::endl;
}
END
g++ -O1 -o "$work/probe" "$work/probe.cc" -lcrypto
for release in 12 13; do
    pare build cc:nonroot --distribution debian:$release --arch amd64 -o "$work/bases" --tag cc:$release
done
write_definition() {
    printf 'from: %s\ncontents:\n%s  files:\n    - {from: probe, to: /usr/bin/probe}\n' "$1" "$2" >"$work/probe.yaml"
    echo 'entrypoint: {command: /usr/bin/probe}' >>"$work/probe.yaml"
}
version_of() {
    pare show packages "oci:$work/bases:cc:$1"
    awk '$1 ~ /^libssl3/ {print $2}' "$work/stdout" | cut -d- -f1
}
old=$(version_of 12) new=$(version_of 13)
write_definition "oci:$work/bases:cc:12" ""
pare build "$work/probe.yaml" --arch amd64 -o "$work/images" --tag probe
write_definition cc:nonroot $'  repositories: [debian:12]\n'
pare build "$work/probe.yaml" --arch amd64 -o "$work/images" --tag by-name
pare rebase "oci:$work/images:probe" --onto "oci:$work/bases:cc:13" -o "$work/moved"
says "libssl3t64 $new"
pare rebase "oci:$work/images:by-name" --onto "oci:$work/bases:cc:13" --base "oci:$work/bases:cc:12" -o "$work/moved"
for tag in probe by-name; do
    skopeo inspect "oci:$work/moved:$tag" >/dev/null || fail "skopeo does not read $tag"
done
[[ $(id -u) == 0 ]] || skip "umoci and runc need root here"
for tag in probe by-name; do
    unpack "$work/images" $tag "$work/before-$tag"
    [[ $(run_bundle "$work/before-$tag" /usr/bin/probe) == "$old" ]] || fail "$tag does not run on Debian 12"
    unpack "$work/moved" $tag "$work/after-$tag"
    [[ $(run_bundle "$work/after-$tag" /usr/bin/probe) == "$new" ]] || fail "$tag does not run on Debian 13"
done
