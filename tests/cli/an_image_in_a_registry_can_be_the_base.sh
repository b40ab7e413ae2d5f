# `from:` takes an image out of a registry: by digest it is fetched once and never asked for again;
# what a tag stands for is said, and kept by the lock. show, sbom and rebase read from there too.
source "$PARE_SOURCE/tests/support/registry.sh"
make_key archive
make_deb hello 1.0
make_deb greeter 1.0 "" "Depends: hello"
make_repository
definition hello
build --tag base:1
base=$(sed -n 's/^base:1@//p' "$work/stdout")
start_registry hub
expect 0 pare push "oci:$work/image:base:1" "$registry/team/base:1"
: >"$work/hub.log"

# derive FROM [OPTIONS...]: builds $work/derived from it.
derive() {
    cat >"$work/derived.yaml" <<YEND
from: $1
contents:
  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']
  packages: [greeter]
YEND
    pare build "$work/derived.yaml" --tag latest -o "$work/derived" --arch amd64 \
        --rewrite "http://repo.invalid/=file://$work/repo/" "${@:2}"
}

expect 0 derive "$registry/team/base@$base"
! grep -q "names a tag" "$work/stderr" || fail "a digest is no tag"
digest=$(cat "$work/stdout")
is_asked 0 hub '/blobs/.* 404'
: >"$work/hub.log"
rm -rf "$work/derived"
expect 0 derive "$registry/team/base@$base" --offline
[[ $(cat "$work/stdout") == "$digest" ]] || fail "another image the second time"
is_asked 0 hub .

# A tag is another matter.
expect 0 derive "docker://$registry/team/base:1"
says "names a tag"
says "@$base"
expect 0 pare lock "$work/derived.yaml" --arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/"
grep -q "\"base\": \"$base\"" "$work/derived.lock.json" || fail "the lock does not name the base"
make_deb hello 2.0
make_repository
build --tag base:2
expect 0 pare push "oci:$work/image:base:2" "$registry/team/base:1"
expect 0 derive "docker://$registry/team/base:1" --locked
locked=$(cat "$work/stdout")
skopeo inspect --config "oci:$work/derived" | jq -r '.rootfs.diff_ids[0]' >"$work/first"
pare show packages "oci:$work/derived"
prints "hello"
prints "1.0"
! grep -qE 'hello +2\.0' "$work/stdout" || fail "the tag moved the locked base"
! grep -q "names a tag" "$work/stderr" || fail "a lock makes it certain"
expect 0 derive "docker://$registry/team/base:1" --refresh
[[ $(cat "$work/stdout") != "$locked" ]] || fail "the tag moved, and the unlocked image did not"

# What reads images on disk reads them there.
expect 0 pare show packages "$registry/team/base@$base"
prints hello
expect 0 pare show config "docker://$registry/team/base:1"
expect 0 pare sbom "$registry/team/base@$base"
prints '"hello"'
expect 0 pare push "oci:$work/derived:latest" "$registry/team/app:1"
expect 0 pare rebase "$registry/team/app:1" --onto "$registry/team/base@$base" --tag app:2 -o "$work/rebased"

# What is not there, and what was meant.
expect 2 derive "docker://$registry/team/none:1"
says "there is no image"
expect 2 derive "registry.example/team/base"
says "docker://"
one_error
