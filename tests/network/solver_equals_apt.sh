#!/bin/bash
# The solver and apt choose the same packages at the same versions, for packages all over the
# archive and for pairs that conflict, in an empty root without Recommends. Where two packages
# provide one name with equal right, apt goes by the numbers of its cache: hence not all are equal.
# apt is asked through libapt-pkg (apt_answers), since one `apt-get -s` takes a second; a few
# requests are put to apt-get itself as well, to see that the program answers as it does.
set -euo pipefail

requests_per_release=500
pairs_per_release=50
least_equal_percent=98
answers=$PARE_BUILD/tests/apt_answers
solve_many=$PARE_BUILD/tests/solve_many
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

skip() {
    echo "skipped: $1"
    exit 77
}

[ -x "$answers" ] || skip "apt_answers is not built (libapt-pkg-dev is missing)"
[ -r "$keyring" ] || skip "the package debian-archive-keyring is missing"
command -v apt-get >/dev/null || skip "apt-get is missing"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The mirror of Debian that this host uses.
host_mirror() {
    find /etc/apt -maxdepth 2 \( -name '*.list' -o -name '*.sources' \) -exec cat {} + |
        sed -n -E '/^(deb |URIs:)/ s#.*[[:space:]]((https?|file|mirror\+[a-z]+):/[^[:space:]]*/debian)/?([[:space:]].*)?$#\1#p' |
        head -n 1
}

# A root of its own for apt; prints the file for APT_CONFIG.
make_root() { # CODENAME MIRROR
    local root=$work/$1
    mkdir -p "$root/etc/apt.conf.d" "$root/etc/preferences.d" "$root/state/lists/partial" \
        "$root/cache/archives/partial"
    : >"$root/state/status"
    echo "deb [signed-by=$keyring] $2 $1 main" >"$root/etc/sources.list"
    cat >"$root/apt.conf" <<CONF
Dir::State "$root/state";
Dir::State::status "$root/state/status";
Dir::Cache "$root/cache";
Dir::Etc "$root/etc";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::GzipIndexes "false";
#clear DPkg::Post-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
    echo "$root/apt.conf"
}

# What apt-get says, in the form of apt_answers.
apt_get_answer() { # REQUEST
    local said names
    read -ra names <<<"$1"
    if said=$(apt-get -s --no-install-recommends install "${names[@]}" 2>/dev/null); then
        printf '%s\t%s\n' "$1" "$(sed -n -E 's/^Inst ([^ ]+) \(([^ ]+) .*/\1=\2/p' <<<"$said" |
            LC_ALL=C sort | paste -sd ' ')"
    else
        printf '%s\tnone\n' "$1"
    fi
}

# COUNT of the lines of FILE, evenly spread.
sample() { # COUNT FILE
    awk -v most="$1" -v step="$(($(wc -l <"$2") / $1 + 1))" 'NR % step == 1 && n++ < most' "$2"
}

# Packages with a package that they conflict with.
conflicting_pairs() { # PACKAGES NAMES
    awk '/^Package: / { name = $2 }
         /^Conflicts: / {
             sub(/^Conflicts: /, "")
             for (i = split($0, relations, /, */); i > 0; --i)
                 if (relations[i] !~ /[(:]/ && relations[i] != name) print name, relations[i]
         }' "$1" | awk 'NR == FNR { real[$1]; next } $2 in real' "$2" - | LC_ALL=C sort -u
}

compare() { # CODENAME
    local root=$work/$1 packages
    export APT_CONFIG=$root/apt.conf
    packages=$(echo "$root"/state/lists/*_Packages)
    sed -n 's/^Package: //p' "$packages" | LC_ALL=C sort -u >"$root/names"
    conflicting_pairs "$packages" "$root/names" >"$root/pairs"
    {
        sample "$requests_per_release" "$root/names"
        sample "$pairs_per_release" "$root/pairs"
    } >"$root/requests"
    "$answers" <"$root/requests" >"$root/apt"
    "$solve_many" amd64 "$packages" <"$root/requests" >"$root/pare" 2>"$root/pare.log"

    sample 6 "$root/requests" >"$root/spot"
    while read -r request; do apt_get_answer "$request"; done <"$root/spot" >"$root/spot.apt-get"
    "$answers" <"$root/spot" >"$root/spot.apt"
    diff "$root/spot.apt-get" "$root/spot.apt" ||
        { echo "$1: apt_answers does not answer as apt-get does"; return 1; }
    judge "$1" "$root"
}

judge() { # CODENAME ROOT
    local total equal alone
    paste "$2/apt" <(cut -f 2- "$2/pare") >"$2/both"
    total=$(wc -l <"$2/both")
    equal=$(awk -F '\t' '$2 == $3' "$2/both" | wc -l)
    alone=$(awk -F '\t' '($2 == "none") != ($3 == "none")' "$2/both" | wc -l)
    echo "$1: $total requests, $equal equal," \
        "$(grep -c -P '\tnone$' "$2/apt") refused by apt, $alone refused by one alone"
    sed -n 's/^times: /    /p' "$2/pare.log"
    awk -F '\t' '$2 != $3' "$2/both" | while IFS=$'\t' read -r request apt pare; do
        echo "    differs: $request: $(diff <(tr ' ' '\n' <<<"$apt") <(tr ' ' '\n' <<<"$pare") |
            sed -n 's/^< /apt /p; s/^> /pare /p' | head -n 6 | paste -sd ',')"
    done
    [ "$alone" -eq 0 ] && [ $((equal * 100)) -ge $((total * least_equal_percent)) ]
}

mirror=${PARE_DEBIAN_MIRROR:-$(host_mirror)}
mirror=${mirror%%,*}
[ -n "$mirror" ] || skip "the sources of this host name no Debian mirror"
for release in bookworm trixie; do
    APT_CONFIG=$(make_root "$release" "$mirror") apt-get -q -q update >"$work/update.log" 2>&1 ||
        skip "the mirror does not give $release"
done
compare bookworm >"$work/bookworm.log" 2>&1 &
bookworm=$!
trixie_status=0
compare trixie || trixie_status=$?
bookworm_status=0
wait "$bookworm" || bookworm_status=$?
cat "$work/bookworm.log"
[ "$bookworm_status" -eq 0 ] && [ "$trixie_status" -eq 0 ]
