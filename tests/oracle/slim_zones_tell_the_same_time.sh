# `zoneinfo: slim` with every zone of this machine: glibc (zdump and the variables of tzset) and
# Python tell the same time with the fat file and the slim one, and zic writes nearly all of them
# byte for byte the same.
source "$PARE_SOURCE/tests/support/lib.sh"
zones=/usr/share/zoneinfo
[[ -e $zones/Europe/Berlin ]] || skip "this machine has no time zones"
command -v zdump >/dev/null || skip "no zdump"
make_key archive
mkdir -p "$work/tree/usr/share"
cp -a "$zones" "$work/tree/usr/share/"
make_deb tzdata 1 "$work/tree"
make_repository
definition tzdata_all
build
image_files() {
    mkdir "$1"
    for layer in $(python3 -c '
import json, sys
blobs = sys.argv[1] + "/blobs/sha256/"
read = lambda digest: json.load(open(blobs + digest.split(":")[1]))
index = json.load(open(sys.argv[1] + "/index.json"))
for layer in read(index["manifests"][0]["digest"])["layers"]:
    print(blobs + layer["digest"].split(":")[1])' "$work/image"); do
        tar -xzf "$layer" -C "$1"
    done
}
image_files "$work/fat"
rm -r "$work/image"
echo "zoneinfo: slim" >>"$work/image.yaml"
build
image_files "$work/slim"
fat=$work/fat$zones slim=$work/slim$zones
diff -r --no-dereference "$work/tree$zones" "$fat" || fail "without being asked the zones changed"
(cd "$fat" && find . -printf '%P %y %l\n' | sort) >"$work/fat.list"
(cd "$slim" && find . -printf '%P %y %l\n' | sort) >"$work/slim.list"
diff "$work/fat.list" "$work/slim.list" || fail "slim zones are not the same files and links"

(cd "$fat" && find . -type f -printf '%P\n' | sort) >"$work/names"
(cd "$fat" && xargs grep -l '^TZif' <"$work/names") >"$work/zones"
count=$(wc -l <"$work/zones")
slimmer=$(while read -r name; do cmp -s "$fat/$name" "$slim/$name" || echo "$name"; done <"$work/zones" | wc -l)
((slimmer > 0)) || skip "the zones of this machine are slim already"

# What comes after the last transition is one text in both files; a few zones show that it is read.
# zdump is slow, and those of `right` (with leap seconds) keep their transitions.
for tree in fat slim; do
    (
        cd /
        export TZDIR=${!tree}
        awk '!/^right/ || NR % 20 == 0' "$work/zones" | xargs zdump -v -c 1850,2045
        zdump -v -c 2040,2500 Europe/Berlin America/New_York Africa/Casablanca Asia/Gaza
    ) >"$work/$tree.dump" &
done
wait
cmp "$work/fat.dump" "$work/slim.dump" || fail "zdump tells another time"
for tree in fat slim; do
    TZDIR=${!tree} python3 -c '
import os, sys, time
for name in open(sys.argv[1]).read().split():
    os.environ["TZ"] = name
    time.tzset()
    print(name, time.timezone, time.altzone, time.daylight, time.tzname)' "$work/zones" >"$work/$tree.tzset"
done
cmp "$work/fat.tzset" "$work/slim.tzset" || fail "tzset() says something else"
asked=$(python3 "$support/compare_zones.py" "$fat" "$slim") || fail "Python tells another time"

same="zic was not asked"
if command -v zic >/dev/null && [[ -e $zones/tzdata.zi ]] && zic -b slim -d "$work/zic" "$zones/tzdata.zi"; then
    same=0 other=0
    while read -r name; do
        [[ -e $work/zic/$name ]] || continue
        if cmp -s "$work/zic/$name" "$slim/$name"; then same=$((same + 1)); else other=$((other + 1)); fi
    done <"$work/zones"
    ((same > 10 * other)) || fail "zic writes $other of $((same + other)) zones in another way"
fi
echo "$count zones, $slimmer slimmer, $asked asked of Python, $same as zic writes them"
for tree in fat slim; do
    echo "$tree: $(tar --sort=name --mtime=@0 --owner=0 --group=0 -C "${!tree}" -c . | gzip -6n | wc -c) bytes as tar | gzip -6"
done
