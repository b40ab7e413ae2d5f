# Every glob of every built-in slice matches something in the package of each release that has it, on
# two architectures: what we wrote down is still true of the archive.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
export PARE_SOURCE
python3 - "$PARE_SOURCE/slices" >"$work/list" <<'END'
"""Prints `PACKAGE SLICE...` for each name of each slice file."""
import glob, re, sys
for path in sorted(glob.glob(sys.argv[1] + "/*.yaml")):
    text = open(path).read()
    names = re.search(r"^packages?: \[?([^\]\n]*)", text, re.M).group(1).replace(",", " ").split()
    slices = re.findall(r"^  ([a-z0-9-]+):$", text, re.M)
    for name in names:
        print(name, *slices)
END
[[ -s $work/list ]] || fail "no slices were found"
problems=0
while read -r package slices; do
    found=0
    for release in debian:12 debian:13; do
        {
            echo "contents:"
            echo "  repositories: ['$release']"
            echo "  slices: [$PARE_SOURCE/slices]"
            # Recommended only; the images that want them name them.
            echo "  missing-libraries: [libasound.so.2, libharfbuzz.so.0, libfreetype.so.6]"
            echo "  packages:"
            echo "    - $package"
            for slice in $slices; do echo "    - ${package}_$slice"; done
        } >"$work/slices.yaml"
        if ! pare build "$work/slices.yaml" --arch amd64,arm64 -o "$work/image"; then
            grep -q "is not in any repository\|does not have it\|no set of packages\|nothing brings" "$work/stderr" && continue
            cat "$work/stderr" >&2
            fail "$package on $release"
        fi
        found=$((found + 1))
        grep "matches nothing" "$work/stderr" | grep "slice ${package}_" >&2 && problems=$((problems + 1))
        rm -rf "$work/image"
    done
    ((found > 0)) || fail "$package is in no release"
done <"$work/list"
((problems == 0)) || fail "globs match nothing"
