# Every image of the family for amd64, every variant, both releases, holds what the files in
# tests/structure say of it, down to what its programs answer.
# PARE_STRUCTURE_TESTS=DIR adds tests of other people: DIR/IMAGE-debianRELEASE/VARIANT/*.yaml.
source "$PARE_SOURCE/tests/support/network.sh"
shopt -s nullglob
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the images are for amd64"
make_nodejs

# The files of an image; what stands before a colon says for which variants or release.
every="static root:root nonroot:nonroot release:release debug:debug"
bare="release:no-program debug:shell"
declare -A files=(
    [static]="$every $bare"
    [base-nossl]="$every $bare libc no-openssl no-cc"
    [base]="$every $bare libc openssl no-cc"
    [cc]="$every $bare libc openssl cc openmp"
    [java-base]="$every $bare libc no-openssl cc java-base no-java"
    [java]="$every libc no-openssl cc java-base java release:java-runtime debug:java-kit"
    [nodejs]="$every libc openssl cc openmp nodejs"
    [python3]="$every libc openssl cc openmp python3 12:python3-distutils"
)
declare -A codenames=([12]=bookworm [13]=trixie)

# version_of PACKAGE: upstream's part of its version in the lock that was printed last.
version_of() {
    local version
    version=$(awk -v package="$1" '$2 == package {print $3}' "$work/stdout")
    [[ -n $version ]] || fail "the lock has no $1"
    version=${version#*:}
    echo "${version%%[-+~]*}"
}

# names IMAGE RELEASE VARIANT: of the files in tests/structure.
names() {
    local word user=root mode=release
    [[ $3 != *nonroot ]] || user=nonroot
    [[ $3 != debug* ]] || mode=debug
    for word in ${files[${1%%[0-9][0-9]}]}; do
        case ${word%%:*} in
        "$word" | "$2" | "$user" | "$mode") echo "${word#*:}" ;;
        esac
    done
}

# examine RELEASE IMAGE PACKAGE: all variants; PACKAGE is that of the image's program, if it has one.
examine() {
    local release=$1 image=$2 package=${3:-} version="" major="" variant name
    pare lock "$image" "${nodejs[@]}" --distribution "debian:$release" --arch amd64 -o "$work/$image-$release.lock.json"
    [[ -z $package ]] || version=$(version_of "$package")
    case $image in
    java*) major=${version%%.*} ;;
    *) major=${version%.*} ;;
    esac
    pare build "$image" "${nodejs[@]}" --distribution "debian:$release" --arch amd64 --variant all -o "$work/layout"
    for variant in latest nonroot debug debug-nonroot; do
        rm -rf "$work/files"
        mkdir "$work/files"
        for name in $(names "$image" "$release" "$variant"); do
            # In expressions the dots of a version stand for themselves.
            sed "s/@RELEASE@/$release/g; s/@CODENAME@/${codenames[$release]}/g; s/@MAJOR@/$major/g
                s/@VERSION@/${version//./[.]}/g" "$PARE_SOURCE/tests/structure/$name.yaml" >"$work/files/$name.yaml"
        done
        ! grep -hn '@[A-Z]*@' "$work/files"/*.yaml || fail "a placeholder of $image is not filled in"
        python3 "$support/structure_test.py" "$work/layout" "$image:$variant" "$work/files"/*.yaml \
            ${PARE_STRUCTURE_TESTS:+"$PARE_STRUCTURE_TESTS/$image-debian$release/$variant"/*.yaml} >"$work/said" || {
            grep -v "^ok " "$work/said" >&2
            fail "$image:$variant of Debian $release"
        }
        echo "debian $release: $(tail -n 1 "$work/said" | sed "s|^$work/layout:||")"
    done
    rm -rf "$work/layout"
}

for release in 12 13; do
    for image in static base-nossl base cc java-base; do
        examine "$release" "$image"
    done
    examine "$release" nodejs nodejs
    examine "$release" nodejs22 nodejs22
    examine "$release" nodejs24 nodejs24
done
examine 12 python3 python3.11-minimal
examine 13 python3 python3.13-minimal
examine 12 java17 openjdk-17-jre-headless
examine 13 java21 openjdk-21-jre-headless
examine 13 java25 openjdk-25-jre-headless
