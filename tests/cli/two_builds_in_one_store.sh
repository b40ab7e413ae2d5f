# Two builds at once in one cold store and one output both succeed, with the same image.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/share"
head -c 2000000 /dev/urandom >"$work/tree/usr/share/noise"
make_deb hello 1.0 "$work/tree"
make_deb world 1.0 "$work/tree" "Replaces: hello"
make_repository
definition hello
for round in 1 2 3; do
    rm -rf "$work/store" "$work/image"
    pids=()
    for tag in one two; do
        "$PARE" build "$work/image.yaml" -o "$work/image" --arch amd64 --tag "$tag" \
            --rewrite "http://repo.invalid/=file://$work/repo/" >"$work/$tag.out" 2>"$work/$tag.err" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || fail "one of two builds failed: $(cat "$work"/*.err)"
    done
    [[ $(jq -r '.manifests | length' "$work/image/index.json") == 2 ]] || fail "a tag was lost"
    [[ $(jq -r '[.manifests[].digest] | unique | length' "$work/image/index.json") == 1 ]] || fail "the images differ"
done
