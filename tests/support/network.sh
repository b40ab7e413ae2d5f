# What the tests against the real Debian archive share, on top of lib.sh: a store of their own that
# lives as long as the build directory, so that the archive is asked once for each file.
source "$PARE_SOURCE/tests/support/lib.sh"
export PARE_STORE=$PARE_BUILD/network-store
mkdir -p "$PARE_STORE"

# The archive must answer, or the test is skipped by name.
reach_archive() {
    pare lock static --arch amd64 -o "$work/reach.json" && return
    grep -qE 'error: .*(resolve|connect|unreachable|timed out|cannot fetch)' "$work/stderr" &&
        skip "the Debian archive cannot be reached"
    fail "pare lock static"
}

# unpack LAYOUT TAG BUNDLE: with umoci.
unpack() {
    umoci unpack --image "$1:$2" "$3" >"$work/umoci.log" 2>&1 || {
        cat "$work/umoci.log" >&2
        fail "umoci cannot unpack $1:$2"
    }
}

# run_bundle BUNDLE PROGRAM...: under runc, as the image's user, read-only root, no capabilities.
run_bundle() {
    local bundle=$1 name=pare-test-$$-$RANDOM
    shift
    python3 "$support/runc_config.py" "$bundle/config.json" "$@"
    runc run --bundle "$bundle" "$name"
}

# make_nodejs: what nodejs.org would serve, in $work/nodejs; $nodejs are the options that make a
# build of nodejs22 or nodejs24 use it.
make_nodejs() {
    local status=0
    bash "$support/nodejs_upstream.sh" "$work/nodejs" "$PARE_BUILD/network-npm" || status=$?
    [[ $status != 77 ]] || skip "npm cannot be reached"
    [[ $status == 0 ]] || fail "nodejs_upstream.sh"
    pare update nodejs22 nodejs24 --rewrite "https://nodejs.org/=file://$work/nodejs/" -o "$work/nodejs.lock.json"
    nodejs=(--rewrite "https://nodejs.org/=file://$work/nodejs/" --archives "$work/nodejs.lock.json")
}
