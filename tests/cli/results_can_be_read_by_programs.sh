# --json gives one JSON document on standard output for every command, and messages go elsewhere.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/bin"
printf 'hello\n' >"$work/tree/usr/bin/hello"
make_deb hello 1.0 "$work/tree" "Depends: greeting"
make_deb greeting 2.1
make_repository
definition hello
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")

# field EXPRESSION: of the document that was printed last, as `d`.
field() {
    python3 -c "import json, sys; d = json.load(open(sys.argv[1])); print($1)" "$work/stdout"
}

build --json --tag hello:1
tag=$(field 'd["tags"][0]["digest"]')
[[ $tag == "sha256:"* && $(field 'd["images"][0]["packages"][1]["name"]') == hello ]] || fail "build --json"
[[ $(field 'd["images"][0]["digest"]') == "$tag" ]] || fail "the tag is not the image"
build --tag hello:1 -q
[[ $(cat "$work/stdout") == "hello:1@$tag" && ! -s $work/stderr ]] || fail "build -q"

for image in "$work/image.yaml" "oci:$work/image:hello:1" "oci:$work/image@$tag"; do
    pare show packages "$image" --arch amd64 "${rewrite[@]}" --json
    [[ $(field '[p["name"] for p in d[0]["items"]]') == "['greeting', 'hello']" ]] || fail "packages of $image"
    pare show files "$image" --arch amd64 "${rewrite[@]}" --json
    [[ $(field '[f["size"] for f in d[0]["items"] if f["path"] == "/usr/bin/hello"]') == "[6]" ]] || fail "files of $image"
    pare show layers "$image" --arch amd64 "${rewrite[@]}" --json
    [[ $(field 'd[0]["items"][0]["diff_id"][:7]') == "sha256:" ]] || fail "layers of $image"
done
pare show config "oci:$work/image:hello:1" --json
[[ $(field 'd["architecture"]') == amd64 ]] || fail "show config"
pare show why "$work/image.yaml" greeting --arch amd64 "${rewrite[@]}" --json
field '" ".join(d)' | grep -q "hello depends on greeting" || fail "show why"
pare lock "$work/image.yaml" --arch amd64 "${rewrite[@]}" --json
[[ $(field 'len(d["changes"])') == 2 && -f $work/image.lock.json ]] || fail "lock --json"
pare cache info --json
[[ $(field 'd["bytes"] > 0') == True ]] || fail "cache info"
pare cache prune --older-than 0 --json
[[ $(field 'd["files"] > 0') == True ]] || fail "cache prune"
