# What the shell tests share: a work directory that goes away, a private store, signed repositories
# of packages made on the spot, and words to say what is expected. Source it first:
#   source "$PARE_SOURCE/tests/support/lib.sh"
set -euo pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/pare-test-XXXXXX")
export HOME=$work/home PARE_STORE=$work/store GNUPGHOME=$work/gnupg NO_COLOR=1 LC_ALL=C.UTF-8
unset SOURCE_DATE_EPOCH PARE_DEBIAN_MIRROR http_proxy https_proxy XDG_CACHE_HOME 2>/dev/null || true
mkdir -p "$HOME" -m 700 "$GNUPGHOME"
support=$PARE_SOURCE/tests/support

finish() {
    local status=$?
    gpgconf --homedir "$GNUPGHOME" --kill all 2>/dev/null || true
    if ((status != 0 && status != 77)); then
        echo "--- failed with status $status" >&2
        [[ -f $work/stderr ]] && sed 's/^/stderr: /' "$work/stderr" >&2
    fi
    chmod -R u+w "$work" 2>/dev/null || true
    rm -rf "$work"
    exit $status
}
trap finish EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

skip() {
    echo "skipped: $*"
    exit 77
}

# pare ARGUMENTS: runs the program; output in $work/stdout and $work/stderr.
pare() {
    "$PARE" "$@" >"$work/stdout" 2>"$work/stderr"
}

# expect STATUS COMMAND...: the command must end with that status, and never by a signal.
expect() {
    local wanted=$1 status=0
    shift
    "$@" || status=$?
    [[ $status == "$wanted" ]] || fail "status $status instead of $wanted from: $*"
}

# says TEXT: stderr holds it.
says() {
    grep -qF -- "$1" "$work/stderr" || fail "stderr does not say: $1"
}

# prints TEXT: stdout holds it.
prints() {
    grep -qF -- "$1" "$work/stdout" || fail "stdout does not hold: $1"
}

# one_error: exactly one `error:` line.
one_error() {
    [[ $(grep -c '^error:' "$work/stderr") == 1 ]] || fail "not exactly one error line"
}

# nothing_written PATH: the output is not there, and no temporary file is beside it.
nothing_written() {
    [[ ! -e $1 ]] || [[ -d $1 && ! -e $1/index.json ]] || fail "$1 was written"
    [[ -z $(find "$work" -path "$work/store" -prune -o -name '.tmp-*' -print) ]] || fail "a temporary file stayed behind"
}

# make_key NAME [OPTIONS OF quick-generate-key, after the algorithm]: a key pair; $work/NAME.gpg is
# the public half.
make_key() {
    gpg --batch --quiet --passphrase '' --quick-generate-key "$1 <$1@example.invalid>" "${2:-ed25519}" sign "${3:-never}" \
        2>/dev/null
    gpg --batch --export "$1@example.invalid" >"$work/$1.gpg"
}

# make_deb NAME VERSION [DIRECTORY [CONTROL LINES...]]: a package of the files in DIRECTORY.
make_deb() {
    local name=$1 version=$2 tree=${3:-} root=$work/deb-root
    rm -rf "$root"
    mkdir -p "$root/DEBIAN" "$root/usr/share/doc/$name" "$work/pool"
    [[ -n $tree ]] && cp -a "$tree/." "$root/"
    echo "Free as in test." >"$root/usr/share/doc/$name/copyright"
    {
        echo "Package: $name"
        echo "Version: $version"
        echo "Architecture: ${architecture:-amd64}"
        echo "Maintainer: Nobody <nobody@example.invalid>"
        printf '%s\n' "${@:4}" | grep . || true
        echo "Description: made by a test"
    } >"$root/DEBIAN/control"
    (cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs -r md5sum >DEBIAN/md5sums)
    SOURCE_DATE_EPOCH=${deb_date:-1700000000} dpkg-deb --root-owner-group -Zgzip -b "$root" \
        "$work/pool/${name}_${version}_${architecture:-amd64}.deb" >/dev/null
}

# make_repository [KEY [apt-ftparchive OPTIONS...]]: $work/repo serves everything in $work/pool as
# suite `stable`, signed by KEY (default: archive).
make_repository() {
    local key=${1:-archive} binary=$work/repo/dists/stable/main/binary-amd64
    rm -rf "$work/repo/dists"
    mkdir -p "$binary" "$work/repo/pool"
    cp -a "$work/pool/." "$work/repo/pool/"
    (cd "$work/repo" && apt-ftparchive packages pool) >"$binary/Packages"
    gzip -9nk "$binary/Packages"
    sign_release "$key" "${@:2}"
}

# add_architecture ARCH: the repository of make_repository has packages for that one as well.
add_architecture() {
    mkdir -p "$work/repo/dists/stable/main/binary-$1"
    (cd "$work/repo" && apt-ftparchive --arch "$1" packages pool) >"$work/repo/dists/stable/main/binary-$1/Packages"
    sign_release archive -o "APT::FTPArchive::Release::Architectures=amd64 $1"
}

# sign_release KEY [apt-ftparchive OPTIONS...]: writes and signs the Release file anew.
sign_release() {
    local suite=$work/repo/dists/stable
    rm -f "$suite"/{Release,InRelease,Release.gpg}
    (cd "$suite" && apt-ftparchive -o APT::FTPArchive::Release::Suite=stable \
        -o APT::FTPArchive::Release::Codename=stable -o APT::FTPArchive::Release::Components=main \
        -o APT::FTPArchive::Release::Architectures=amd64 "${@:2}" release .) >"$work/Release"
    # apt-ftparchive cannot say when an index expires.
    [[ -n ${valid_until:-} ]] && echo "Valid-Until: $valid_until" | cat - "$work/Release" >"$work/Release.new" &&
        mv "$work/Release.new" "$work/Release"
    mv "$work/Release" "$suite/Release"
    gpg --batch --quiet --yes --local-user "$1@example.invalid" ${gpg_options:-} --clearsign -o "$suite/InRelease" "$suite/Release"
}

# definition [PACKAGES...]: writes $work/image.yaml, an image of these packages from the repository.
definition() {
    {
        echo "contents:"
        echo "  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']"
        echo "  packages: [$(IFS=,; echo "$*")]"
        echo "archs: [amd64]"
    } >"$work/image.yaml"
}

# build [OPTIONS...]: builds $work/image.yaml to $work/image from the repository on disk.
build() {
    pare build "$work/image.yaml" -o "$work/image" --arch amd64 --refresh \
        --rewrite "http://repo.invalid/=file://$work/repo/" "$@"
}

# digest: of the image that was built last.
digest() {
    sha256sum "$work/image/index.json" | cut -d' ' -f1
}
