# `from: oci:DIR` keeps the layers of an image as they are and adds to them: a package that it holds
# is not taken again, and what is added wins over what lies below, as layers do.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/share/hello" "$work/rival/usr/share/hello"
echo "from the base" >"$work/tree/usr/share/hello/text"
echo "another text" >"$work/rival/usr/share/hello/text"
make_deb hello 1.0 "$work/tree"
make_deb greeter 1.0 "" "Depends: hello"
make_deb rival 1.0 "$work/rival"
make_repository
definition hello
echo 'environment: {GREETING: hello}' >>"$work/image.yaml"
build --tag base:1
layers() {
    skopeo inspect --format '{{range .Layers}}{{println .}}{{end}}' "oci:$1" | grep .
}
derive() {
    cat >"$work/derived.yaml" <<END
from: oci:$work/image
contents:
  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']
  packages: [$1]
entrypoint: {command: /usr/bin/greeter}
END
    pare build "$work/derived.yaml" --tag latest -o "$work/derived" --arch amd64 \
        --rewrite "http://repo.invalid/=file://$work/repo/"
}
text_in_derived() {
    rm -rf "$work/bundle"
    umoci unpack --rootless --image "$work/derived:latest" "$work/bundle" >"$work/stdout" 2>"$work/stderr" ||
        fail "umoci cannot unpack it"
    cat "$work/bundle/rootfs/usr/share/hello/text"
}
derive greeter
layers "$work/image" >"$work/below"
layers "$work/derived" >"$work/all"
[[ $(head -n "$(wc -l <"$work/below")" "$work/all") == "$(<"$work/below")" ]] || fail "the base's layers changed"
(($(wc -l <"$work/all") > $(wc -l <"$work/below"))) || fail "nothing was added"
skopeo inspect --config "oci:$work/derived" >"$work/config"
grep -q GREETING=hello "$work/config" || fail "the base's environment is lost"
grep -q /usr/bin/greeter "$work/config" || fail "the entrypoint is not the new one"
pare show files "oci:$work/derived"
prints usr/share/hello/text
prints usr/share/doc/greeter/copyright
[[ $(text_in_derived) == "from the base" ]] || fail "the base's file is not there"
before=$(sha256sum <"$work/derived/index.json")
rm -rf "$work/derived" "$work/store"
derive greeter
[[ $(sha256sum <"$work/derived/index.json") == "$before" ]] || fail "the same base gives another image"
derive rival
[[ $(text_in_derived) == "another text" ]] || fail "the file of the base won"
