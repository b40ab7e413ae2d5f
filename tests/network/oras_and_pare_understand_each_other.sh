# oras of Debian 13 attaches to images that pare pushed, pare copies what it attached, and oras finds
# what pare copied: with the referrers API and without.
source "$PARE_SOURCE/tests/support/registry.sh"

# fetch_oras: the program of Debian 13's package, unpacked for this test alone.
fetch_oras() {
    local root=$PARE_BUILD/network-oras mirror line
    oras=$root/usr/bin/oras
    [[ ! -x $oras ]] || return 0
    [[ $(dpkg --print-architecture) == amd64 ]] || skip "oras is fetched for amd64 alone"
    mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -E '^(deb|URIs:) ' |
        grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 || true)
    line="deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://ftp.debian.org/debian} trixie main"
    mkdir -p "$work/apt"/{state/lists/partial,cache/archives/partial,etc} "$root"
    echo "$line" >"$work/apt/etc/sources.list"
    : >"$work/apt/state/status"
    local options=(-o "Dir::State=$work/apt/state" -o "Dir::State::status=$work/apt/state/status"
        -o "Dir::Cache=$work/apt/cache" -o "Dir::Etc::sourcelist=$work/apt/etc/sources.list"
        -o Dir::Etc::sourceparts=- -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update -q >"$work/apt.log" 2>&1 || skip "the Debian archive cannot be reached"
    (cd "$work/apt" && apt-get "${options[@]}" download oras >>"$work/apt.log" 2>&1) ||
        skip "the Debian archive cannot be reached"
    dpkg-deb -x "$work"/apt/oras_*.deb "$root"
}

fetch_oras
digest=$(make_layout "$work/image" app --arch amd64 --arch arm64)
echo '{"spdxVersion":"SPDX-2.3"}' >"$work/sbom.json"
start_docker_registry old
old=$registry
start_registry new
new=$registry

for from in "$old" "$new"; do
    expect 0 pare push "oci:$work/image" "$from/a:1"
    "$oras" manifest fetch --plain-http "$from/a:1" >"$work/manifest.json" || fail "oras cannot read $from/a:1"
    [[ sha256:$(sha256sum "$work/manifest.json" | cut -d' ' -f1) == "$digest" ]] || fail "oras reads something else"
    (cd "$work" && "$oras" attach --plain-http --artifact-type application/spdx+json "$from/a:1" sbom.json:application/spdx+json) \
        >"$work/oras.log" 2>&1 || fail "oras attach: $(cat "$work/oras.log")"
    for to in "$old/b" "$new/b"; do
        expect 0 pare copy "$from/a:1" "$to:1" --json
        [[ $(jq '.referrers | length' "$work/stdout") == 1 ]] || fail "$from to $to: $(cat "$work/stdout")"
        "$oras" discover --plain-http --format json "$to:1" >"$work/found.json" 2>"$work/oras.log" ||
            fail "oras discover: $(cat "$work/oras.log")"
        grep -q application/spdx+json "$work/found.json" || fail "oras does not find the SBOM at $to: $(cat "$work/found.json")"
    done
done

# A layout of oras's, with what belongs to it.
"$oras" copy --from-plain-http -r "$new/a:1" --to-oci-layout "$work/by-oras:app" >"$work/oras.log" 2>&1 ||
    fail "oras copy: $(cat "$work/oras.log")"
expect 0 pare copy "oci:$work/by-oras:app" "$old/c:1" --json
[[ $(jq -c '[.digest, (.referrers | length)]' "$work/stdout") == "[\"$digest\",1]" ]] || fail "$(cat "$work/stdout")"
