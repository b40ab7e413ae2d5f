# A blob whose connection is cut is fetched from there on; what was whole stays when the rest fails.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app --layers 2 --size 200000 >/dev/null
start_registry good --fault 'GET */blobs/* cut=70000 times=3'
expect 0 pare push "oci:$work/image" "$registry/app:1"
expect 0 pare pull "$registry/app:1" -o "$work/back" -t app
same_blobs "$work/image" "$work/back"
(($(asked good '^GET .*/blobs/.* 206 ') >= 2)) || fail "a blob was fetched from its start"

largest=$(cd "$work/image/blobs/sha256" && stat -c '%s %n' -- * | sort -n | tail -n 1 | cut -d' ' -f2)
start_registry bad --fault "GET */blobs/sha256:$largest status=404"
expect 0 pare push "oci:$work/image" "$registry/app:1"
expect 4 pare pull "$registry/app:1" -o "$work/partly"
says "lacks the blob sha256:$largest"
[[ ! -e $work/partly/index.json ]] || fail "an index names what is not there"
[[ -z $(find "$work/partly" -name '.tmp-*') ]] || fail "a temporary file stayed behind"
