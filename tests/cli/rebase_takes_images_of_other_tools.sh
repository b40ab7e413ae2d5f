# Images that pare did not build: umoci's layers (gzip, and zstd on them), with files removed and replaced, without a word on
# their base.
source "$PARE_SOURCE/tests/support/lib.sh"

# image TAG FROM DIRECTORY [PATH TO REMOVE...]: what umoci makes of the image FROM with these files.
umoci init --layout "$work/images"
umoci new --image "$work/images:empty"
image() {
    local bundle=$work/bundle-$1 path
    umoci unpack --rootless --image "$work/images:$2" "$bundle" >"$work/umoci.log" 2>&1
    cp -a "$3/." "$bundle/rootfs/"
    for path in "${@:4}"; do rm -r "${bundle:?}/rootfs/$path"; done
    umoci repack --image "$work/images:$1" "$bundle" >"$work/umoci.log" 2>&1
}
diff_ids() {
    skopeo inspect --config "oci:$1" | jq -r '.rootfs.diff_ids[]'
}
mkdir -p "$work"/{base,next,application}/etc "$work"/{base,next}/usr/share/{doc,kept}
echo one | tee "$work/base/usr/share/doc/a" "$work/next/usr/share/kept/a" >"$work/base/usr/share/kept/a"
echo fixed >"$work/next/etc/fixed"
touch "$work/next/usr/share/doc/b"
chmod 644 "$work"/*/etc/* "$work"/*/usr/share/*/*
echo mine >"$work/application/etc/mine"
image base empty "$work/base"
image next empty "$work/next"
umoci config --image "$work/images:base" --config.user 1000 --config.env A=1 --config.label maintainer=us --no-history
umoci config --image "$work/images:next" --config.user 1001 --config.env A=1 --config.label maintainer=us
image application base "$work/application" usr/share/doc
umoci config --image "$work/images:application" --config.cmd /bin/mine --created 2020-01-01T00:00:00Z
expect 1 pare rebase "oci:$work/images:application" --onto "oci:$work/images:next" -o "$work/moved"
says "does not say which base it was built on"
pare rebase "oci:$work/images:application" --onto "oci:$work/images:next" --base "oci:$work/images:base" -o "$work/moved"
cmp <(diff_ids "$work/images:next"; diff_ids "$work/images:application" | tail -n 1) <(diff_ids "$work/moved:application") ||
    fail "the layers are not the new base's and its own"
umoci unpack --rootless --image "$work/moved:application" "$work/unpacked" >"$work/umoci.log" 2>&1 || fail "umoci cannot unpack it"
[[ $(<"$work/unpacked/rootfs/etc/fixed") == fixed && $(<"$work/unpacked/rootfs/etc/mine") == mine ]] || fail "files are lost"
[[ ! -e $work/unpacked/rootfs/usr/share/doc ]] || fail "what was removed is back"
skopeo inspect --config "oci:$work/moved:application" >"$work/config.json"
[[ $(jq -c '.config | [.User, .Cmd, .Labels]' "$work/config.json") == '["1001",["/bin/mine"],{"maintainer":"us"}]' ]] ||
    fail "the configurations are not merged"
[[ $(jq '[.history[] | select(.empty_layer | not)] | length' "$work/config.json") == 2 ]] || fail "the history does not fit"
[[ $(jq '[.history[] | select(.empty_layer)] | length' "$work/config.json") == 2 ]] || fail "empty entries are lost"

# Layers in another compression are not compressed again.
printf 'from: oci:%s\ncontents: {files: [{from: application/etc/mine, to: /etc/mine}]}\n' "$work/images:base" >"$work/zstd.yaml"
pare build "$work/zstd.yaml" -o "$work/images" --tag zstd --arch amd64 --compression zstd
pare rebase "oci:$work/images:zstd" --onto "oci:$work/images:next"
skopeo inspect --raw "oci:$work/images:zstd" | jq -r '.layers[].mediaType' | xargs >"$work/types"
[[ $(<"$work/types") == *+gzip\ *+zstd ]] || fail "not zstd on gzip: $(<"$work/types")"

# What is damaged is not to be trusted: status 4.
layer=$(skopeo inspect --raw "oci:$work/images:next" | jq -r '.layers[0].digest')
truncate -s -1 "$work/images/blobs/sha256/${layer#*:}"
expect 4 pare rebase "oci:$work/images:application" --onto "oci:$work/images:next" --base "oci:$work/images:base" --check
one_error
