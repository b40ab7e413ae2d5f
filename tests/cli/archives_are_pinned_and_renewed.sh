# contents.archives: files of an upstream project's tar archive, pinned by hash, in the definition or in a lock of archives
# that pare update writes; what is not pinned, not what was pinned, or not in the archive is refused.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb plain 1.0
make_repository

# release VERSION NAME: publishes tool-VERSION for two architectures.
release() {
    local tool=$work/tool-$1 published=$work/upstream/v$1
    mkdir -p "$tool/bin" "$tool/share/doc" "$published"
    echo "tool $1" >"$tool/bin/tool"
    chmod 755 "$tool/bin/tool"
    ln -sf tool "$tool/bin/alias"
    ln -f "$tool/bin/tool" "$tool/bin/same"
    echo manual >"$tool/share/doc/manual"
    for name in x64 aarch; do
        echo "$name" >"$tool/share/machine"
        tar --sort=name --mtime=@1700000000 --owner=builder:1001 --group=builder:1001 -C "$work" "-c${2:-J}f" \
            "$published/tool-$name.tar" "tool-$1"
    done
    (cd "$published" && sha256sum tool-*.tar >SHASUMS)
}
release 1.9.1
release 1.10.0 z
release 2.0.0
cat >"$work/upstream/index.json" <<'END'
[{"version": "v1.9.1"}, {"tag_name": "v2.0.0"}, {"version": "v1.10.0"}, {"version": "1.11.0-rc1"}, {"other": 1}]
END

# wants YAML: the definition with one archive.
wants() {
    cat >"$work/image.yaml" <<END
contents:
  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']
  packages: [plain]
  archives:
    - $1
environment: {TOOL: "\${upstream-version:tool}"}
archs: [amd64, arm64]
END
    rm -rf "$work/image"
}
upstream=(--rewrite "https://tool.invalid/=file://$work/upstream/")
url='url: "https://tool.invalid/v${version}/tool-${arch}.tar", arch-names: {amd64: x64, arm64: aarch}'
lists='releases: "https://tool.invalid/index.json", checksums: "https://tool.invalid/v${version}/SHASUMS"'
locked="{name: tool, version: 1, $url, $lists, strip: 1, include: [bin/**, share/machine], to: /opt}"

# Nothing is built of what nobody pinned.
wants "$locked"
expect 2 build "${upstream[@]}"
one_error
says "archive 'tool': no version of it is locked"
says "pare update"

# The newest version that begins as wanted: numbers are compared as numbers, pre-releases do not count.
expect 0 pare update "$work/image.yaml" "${upstream[@]}"
prints "tool"
grep -q '"version": "1.10.0"' "$work/archives.lock.json" || fail "1.10.0 is not locked"
expect 0 pare update --check "$work/image.yaml" "${upstream[@]}"
expect 0 build "${upstream[@]}"
expect 0 pare show files "oci:$work/image"
for entry in '-rwxr-xr-x +0:0 .*/opt/bin/same' '/opt/bin/tool == /opt/bin/same' '/opt/bin/alias -> tool' '/opt/share/machine'; do
    grep -qE -- "$entry" "$work/stdout" || fail "no $entry in: $(cat "$work/stdout")"
done
if grep -q manual "$work/stdout"; then fail "what was not included is there"; fi
expect 0 pare show config "oci:$work/image"
prints "TOOL=1.10.0"
expect 0 pare show packages "$work/image.yaml" --arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/" "${upstream[@]}"
prints "1.10.0"
before=$(digest)

# A lock of the definition holds the archives too, and the lock is what a locked build takes.
expect 0 pare lock "$work/image.yaml" -o "$work/lock.json" --rewrite "http://repo.invalid/=file://$work/repo/"
grep -q 'tool.invalid/v1.10.0/tool-x64.tar' "$work/lock.json" || fail "the archive is not in the lock"
release 1.20.0
echo '[{"version": "1.20.0"}]' >"$work/upstream/index.json"
expect 1 pare update --check "$work/image.yaml" "${upstream[@]}"
prints "1.10.0 -> 1.20.0"
expect 0 pare update "$work/image.yaml" "${upstream[@]}"
rm -rf "$work/image"
expect 0 build "${upstream[@]}" --lock "$work/lock.json"
[[ $(digest) == "$before" ]] || fail "a locked build took another archive"

# A lock of archives elsewhere, and one that does not have what is wanted.
expect 0 pare update "$work/image.yaml" -o "$work/other.json" "${upstream[@]}"
rm "$work/archives.lock.json"
expect 0 build "${upstream[@]}" --archives "$work/other.json"
wants "${locked/version: 1,/version: 2,}"
expect 2 build "${upstream[@]}" --archives "$work/other.json"
says "1.20.0 is locked, and 2 is wanted"
echo '{"version": 1, "archives": {"tool": {"version": "2.0.0", "sha256": {"amd64": "00"}}}}' >"$work/other.json"
expect 2 build "${upstream[@]}" --archives "$work/other.json"
says "is not 64 lower-case hex digits"

# Hashes in the definition itself; another file than the pinned one is refused, and nothing is written.
hash=$(sha256sum "$work/upstream/v2.0.0/tool-x64.tar" | cut -d' ' -f1)
wants "{name: tool, version: 2.0.0, $url, sha256: {amd64: $hash}, strip: 1, to: /}"
expect 0 build "${upstream[@]}"
expect 0 pare show files "oci:$work/image"
prints /usr/bin/tool
wants "{name: tool, version: 2.0.0, $url, sha256: {amd64: ${hash/?/0}}, to: /opt}"
expect 4 build "${upstream[@]}"
one_error
nothing_written "$work/image"

# What an archive cannot give.
wants "{name: tool, version: 2.0.0, $url, sha256: {amd64: $hash}, strip: 1, include: [bin/toll], to: /opt}"
expect 2 build "${upstream[@]}"
says "nothing in it matches 'bin/toll'"
says "bin/tool"
wants "{name: tool, version: 3, $url, $lists, to: /opt}"
expect 3 pare update "$work/image.yaml" "${upstream[@]}"
says "lists no version 3"
wants "{url: https://tool.invalid/tool.tar, to: /opt}"
expect 2 build
says "needs a 'name'"

# A project without lists: the archive itself is fetched, hashed and kept.
wants "{name: tool, version: 2.0.0, $url, strip: 1, to: /opt}"
expect 0 pare update "$work/image.yaml" "${upstream[@]}"
grep -q "$hash" "$work/archives.lock.json" || fail "the hash is not that of the archive"
