# inspect reads an image of any origin: layers with what made them, packages, who needs what, each
# entry with its owner and layer, dive's figures. Layers are read once: later the store knows them.
source "$PARE_SOURCE/tests/support/lib.sh"
put() {
    mkdir -p "$work/$(dirname "$1")"
    cat >"$work/$1"
}
pack() {
    tar -C "$work/$1" --sort=name --owner=0 --group=0 -cf "$work/$1.tar" .
    echo "sha256:$(sha256sum <"$work/$1.tar" | cut -d' ' -f1)"
}
put lower/var/lib/dpkg/status <<<$'Package: tool\nStatus: install ok installed\nVersion: 1.0\nArchitecture: amd64\nDepends: data\nSource: tools\n\nPackage: data\nStatus: install ok installed\nVersion: 2.0\nArchitecture: all'
put lower/var/lib/dpkg/info/tool.list <<<$'/.\n/usr/bin/tool\n/usr/bin/script'
put lower/var/lib/dpkg/info/data.list <<<$'/.\n/usr/share/data'
put lower/etc/gone <<<"gone"
head -c 100 /dev/zero | put lower/usr/share/data
cp --remove-destination /bin/true "$work/lower/usr/tool"
mkdir "$work/lower/usr/bin"
mv "$work/lower/usr/tool" "$work/lower/usr/bin/tool"
put lower/usr/bin/script <<<$'#!/usr/bin/missing -x\n'
chmod 4755 "$work/lower/usr/bin/script"
echo >"$work/lower/etc/"$'odd\xff\e[31m'
head -c 60 /dev/zero | put upper/usr/share/data
put upper/etc/.wh.gone </dev/null
lower=$(pack lower)
upper=$(pack upper)
jq -n --arg lower "$lower" --arg upper "$upper" '{architecture: "amd64", os: "linux", created: "2020-01-02T03:04:05Z",
    config: {Entrypoint: ["tool"], Env: ["PATH=/usr/bin"], User: "65532"},
    history: [{created_by: "RUN lower"}, {created_by: "ENV x", empty_layer: true}, {created_by: "RUN upper"}],
    rootfs: {type: "layers", diff_ids: [$lower, $upper]}}' >"$work/config.json"
echo '[{"Config":"config.json","RepoTags":["registry.example/team/server:1"],"Layers":["lower.tar","upper.tar"]}]' >"$work/manifest.json"
tar -C "$work" -cf "$work/image.tar" manifest.json config.json lower.tar upper.tar
image=docker-archive:$work/image.tar

holds() {
    jq -e ".[0] | $1" "$work/stdout" >/dev/null || fail "not so: $1"
}
pare inspect "$image" --json -vv
says "layers read: 2"
cp "$work/stdout" "$work/first"
holds '[.layers[].created_by] == ["RUN lower", "RUN upper"]'
holds '.layers[0].packages == ["data", "tool"] and .layers[1].packages == ["data"]'
holds '.config.config.User == "65532"'
holds '[.packages[] | "\(.name) \(.version) \(.depends | join(","))"] == ["data 2.0 ", "tool 1.0 data"]'
holds '.files[] | select(.path == "/usr/share/data") | .layer == 2 and .size == 60 and .package == "data"'
holds '.files[] | select(.path == "/usr/bin/script") | .layer == 1 and .mode == "4755" and .package == "tool" and .uid == 0'
holds '[.files[] | select(.path == "/etc/gone")] == []'
holds '.elf.unmet | any(.by == "/usr/bin/script" and .name == "/usr/bin/missing")'
holds '.elf.unmet | any(.by == "/usr/bin/tool" and .name == "libc.so.6")'
# By hand: only /usr/share/data (100 and 60) and /etc/gone (5, then a whiteout) are met twice.
holds '.efficiency.wasted_bytes == 165 and .efficiency.own_bytes == 60'
holds '.efficiency | .score == (.bytes - 100 - 5) / .bytes'
holds '[.efficiency.repeated[] | "\(.path) \(.bytes) \(.count)"] == ["/usr/share/data 160 2", "/etc/gone 5 2"]'

# Names that are no text make neither bad JSON nor colours.
iconv -f UTF-8 -t UTF-8 <"$work/stdout" >"$work/converted" || fail "the JSON is no UTF-8"
holds '.files | any(.path == "/etc/odd\ufffd\u001b[31m")'
pare inspect "$image" --path /etc
prints "(RUN lower)"
! grep -q $'\e' "$work/stdout" || fail "a control character was printed"

pare inspect "$image" --json -vv
says "layers read: 0"
cmp "$work/first" "$work/stdout" || fail "what the store knows of layers is not what is in them"

# A record that was damaged is read anew.
find "$work/store/layers" -type f | while read -r record; do
    echo >>"$record"
done
pare inspect "$image" --json -vv
says "layers read: 2"
cmp "$work/first" "$work/stdout" || fail "a damaged record changed the answer"

pare inspect "$image"
prints "RUN upper"
prints "entrypoint"
prints "/usr/bin/script  needs /usr/bin/missing"
for filter in "--package tool" "--path /usr/bin" "--path /usr/bin/*" "--layer 1 --path usr/bin"; do
    read -ra words <<<"$filter"
    pare inspect "$image" "${words[@]}"
    prints "/usr/bin/tool"
    ! grep -q "/usr/share" "$work/stdout" || fail "$filter lists too much"
done
pare inspect "$image" --layer 2
prints "/usr/share/data"
! grep -q "/usr/bin/tool" "$work/stdout" || fail "--layer 2 lists the lower layer"
pare inspect "$image" --all
prints "-rwsr-xr-x"
expect 2 pare inspect "$image" --layer none
one_error
expect 2 pare inspect "$image" --arch s390x
says "no image for that architecture"
expect 4 pare inspect "oci:$work/nowhere"
