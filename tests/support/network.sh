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

# start_server BUNDLE [OPTIONS] [ARGUMENTS...]: what the image runs, with these arguments, in the background on the host's
# loopback and with a writable /tmp; $server is its name for stop_server. What it says goes to $work/server.log.
start_server() {
    local bundle=$1
    server=pare-test-$$-$RANDOM
    shift
    python3 "$support/runc_config.py" "$bundle/config.json" --append --host-network --tmp "$@"
    runc run --bundle "$bundle" "$server" >"$work/server.log" 2>&1 &
    server_process=$!
}
stop_server() {
    runc kill "$server" KILL 2>/dev/null || true
    wait "$server_process" 2>/dev/null || true
    runc delete -f "$server" 2>/dev/null || true
}
# answers EXPRESSION COMMAND...: asks until what comes matches, for as long as a slow machine may need.
answers() {
    local expression=$1
    shift
    for _ in $(seq 100); do
        "$@" >"$work/answer" 2>&1 || true
        grep -qE -- "$expression" "$work/answer" && return
        kill -0 "$server_process" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/server.log" "$work/answer" >&2
    fail "$* does not get $expression"
}
# free_port: one that nothing listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# debian_tree PACKAGE...: packages of this machine's release, unpacked together; $tree is where. Fetched once.
debian_tree() {
    local package deb debs=$PARE_BUILD/network-debs
    tree=$work/tree
    mkdir -p "$debs" "$tree"
    for package; do
        if ! compgen -G "$debs/${package}_*.deb" >/dev/null; then
            (cd "$debs" && apt-get download -q "$package" >"$work/apt.log" 2>&1) || {
                grep -qE 'resolve|connect|Unable to fetch' "$work/apt.log" && skip "the Debian archive cannot be reached"
                cat "$work/apt.log" >&2
                fail "apt-get download $package"
            }
        fi
        deb=$(compgen -G "$debs/${package}_*.deb" | head -n 1)
        dpkg-deb -x "$deb" "$tree"
    done
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
