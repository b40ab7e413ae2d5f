# explain follows a path or package to what brought it and to who needs it: packages up to the one
# that was asked for, programs that load a library, scripts, links. What nobody says is unknown.
source "$PARE_SOURCE/tests/support/lib.sh"
mkdir -p "$work"/{lib,app}/usr/{bin,lib}
[[ $(uname -m) == x86_64 ]] || skip "the test's programs are for amd64"
echo 'int base(void) { return 0; }' >"$work/base.c"
echo 'int base(void); int middle(void) { return base(); }' >"$work/middle.c"
echo 'int middle(void); void _start(void) { middle(); for (;;) {} }' >"$work/main.c"
gcc -shared -fPIC -nostdlib -Wl,-soname,libbase.so.1 -o "$work/lib/usr/lib/libbase.so.1.0" "$work/base.c"
ln -s libbase.so.1.0 "$work/lib/usr/lib/libbase.so.1"
gcc -shared -fPIC -nostdlib -Wl,-soname,libmiddle.so.1 -o "$work/app/usr/lib/libmiddle.so.1" "$work/middle.c" \
    "$work/lib/usr/lib/libbase.so.1.0"
gcc -nostdlib -Wl,-rpath-link="$work/lib/usr/lib" -Wl,--dynamic-linker=/usr/lib/libmiddle.so.1 -o "$work/app/usr/bin/main" \
    "$work/main.c" "$work/app/usr/lib/libmiddle.so.1"
printf '#!/usr/bin/main\n' >"$work/app/usr/bin/script"
chmod +x "$work/app/usr/bin/script"
make_key archive
make_deb libbase 1.0 "$work/lib"
make_deb middleware 2.0 "" "Depends: libbase"
make_deb app 3.0 "$work/app" "Depends: middleware"
make_repository
definition app
echo "entrypoint: {command: [/usr/bin/main]}" >>"$work/image.yaml"
build --provenance
image=oci:$work/image

pare explain "$image" /usr/lib/libbase.so.1.0
for line in "package: libbase 1.0 (deb" "reason: middleware depends on libbase" "needed by: app -> middleware -> libbase" \
    "named by: /usr/lib/libmiddle.so.1 (as libbase.so.1)" "loaded in the end by: /usr/bin/main" "linked from: /usr/lib/libbase.so.1"; do
    prints "$line"
done
pare explain "$image" /lib/libbase.so.1
prints "/usr/lib/libbase.so.1 -> libbase.so.1.0"
prints "leads to: /usr/lib/libbase.so.1.0"
pare explain "$image" /usr/bin/main
prints "started by: the image's command"
prints "interpreter of: /usr/bin/script (as /usr/bin/main)"
prints "reason: asked for"
pare explain "$image" /usr/share/doc/app/copyright
prints "used by: unknown"
pare explain "$image" middleware
prints "wanted by: app"
prints "wants: libbase"
pare explain "$image" libbase --json
jq -e '.[0].packages[0] | .chain == ["app", "middleware", "libbase"] and (.files | index("/usr/lib/libbase.so.1.0")) and
    .used[0].by == "/usr/lib/libmiddle.so.1"' "$work/stdout" >/dev/null || fail "the JSON says otherwise: $(<"$work/stdout")"
expect 2 pare explain "$image" midleware
says "did you mean middleware?"
expect 2 pare explain "$image" /nowhere

# Of an image that somebody else made, no more is said than is known; what was removed is told.
mkdir -p "$work"/{lower,upper}
echo secret >"$work/lower/key"
echo other >"$work/lower/other"
touch "$work/upper/.wh.key"
for layer in lower upper; do
    tar -C "$work/$layer" --sort=name --owner=0 --group=0 -cf "$work/$layer.tar" .
done
jq -n --arg lower "sha256:$(sha256sum <"$work/lower.tar" | cut -d' ' -f1)" --arg upper "sha256:$(sha256sum <"$work/upper.tar" | cut -d' ' -f1)" \
    '{architecture: "amd64", os: "linux", history: [{created_by: "COPY key"}, {created_by: "RUN rm key"}], rootfs: {type: "layers", diff_ids: [$lower, $upper]}}' >"$work/config.json"
echo '[{"Config":"config.json","Layers":["lower.tar","upper.tar"]}]' >"$work/manifest.json"
tar -C "$work" -cf "$work/image.tar" manifest.json config.json lower.tar upper.tar
pare explain "docker-archive:$work/image.tar" /key
prints "not in the image any more"
prints "brought by layer 1 of 2: COPY key"
prints "removed by layer 2 of 2: RUN rm key"
pare explain "docker-archive:$work/image.tar" /other
prints "package: unknown"
