# NAME/SUITE takes a package from one suite, by its codename or its other name, though another suite
# has a later version.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_suite() {
    make_deb hello "$3"
    local binary=$work/repo/dists/$1/main/binary-amd64
    rm -rf "$work/repo/pool-$1"
    mkdir -p "$binary"
    mv "$work/pool" "$work/repo/pool-$1"
    (cd "$work/repo" && apt-ftparchive packages "pool-$1") >"$binary/Packages"
    (cd "$work/repo/dists/$1" && apt-ftparchive -o APT::FTPArchive::Release::Suite="$2" \
        -o APT::FTPArchive::Release::Codename="$1" -o APT::FTPArchive::Release::Components=main \
        -o APT::FTPArchive::Release::Architectures=amd64 release .) >"$work/Release"
    gpg --batch --quiet --yes --local-user archive@example.invalid --clearsign \
        -o "$work/repo/dists/$1/InRelease" "$work/Release"
}
make_suite trixie stable 1.0
make_suite forky testing 2.0
lock_of() {
    cat >"$work/image.yaml" <<END
contents:
  repositories:
    - 'deb [signed-by=$work/archive.gpg] http://repo.invalid/ trixie main'
    - 'deb [signed-by=$work/archive.gpg] http://repo.invalid/ forky main'
  packages: [$1]
END
    pare lock "$work/image.yaml" --arch amd64 -o - --rewrite "http://repo.invalid/=file://$work/repo/"
}
version_of() {
    lock_of "$1"
    sed -n 's/ *"version": "\(.*\)",\?/\1/p' "$work/stdout"
}
[[ $(version_of hello) == 2.0 ]] || fail "the latest version is not taken"
[[ $(version_of hello/trixie) == 1.0 ]] || fail "the codename is not known"
[[ $(version_of hello/stable) == 1.0 ]] || fail "the suite's other name is not known"
[[ $(version_of hello/testing) == 2.0 ]] || fail "the other suite is not known by its other name"
expect 2 lock_of hello/sid
one_error
