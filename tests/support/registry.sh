# What the tests of registries share, on top of lib.sh: registries that end with the test, and
# images to send to them.
source "$PARE_SOURCE/tests/support/lib.sh"
unset DOCKER_CONFIG REGISTRY_AUTH_FILE XDG_RUNTIME_DIR https_proxy HTTPS_PROXY all_proxy ALL_PROXY 2>/dev/null || true
export no_proxy=127.0.0.1,localhost
servers=()

# finish() of lib.sh wants to know how the test ended.
end_servers() {
    local status=$?
    ((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    return "$status"
}
trap 'end_servers || finish; finish' EXIT

# wait_for FILE: until a server has said where it is.
wait_for() {
    until [[ -s $1 ]]; do
        kill -0 "${servers[-1]}" 2>/dev/null || fail "a server did not start: $(cat "$work"/*.out 2>/dev/null)"
        sleep 0.05
    done
}

# start_registry NAME [OPTIONS OF registry.py...]: $registry is where it is, $work/NAME.log what it was
# asked.
start_registry() {
    local name=$1
    shift
    rm -f "$work/$name.port"
    : >"$work/$name.log"
    python3 "$support/registry.py" --port-file "$work/$name.port" --log "$work/$name.log" "$@" \
        </dev/null >"$work/$name.out" 2>&1 &
    servers+=($!)
    wait_for "$work/$name.port"
    registry=127.0.0.1:$(cat "$work/$name.port")
}

# make_layout DIRECTORY NAME [OPTIONS...]: prints the digest.
make_layout() {
    python3 "$support/make_layout.py" "$@"
}

# asked NAME PATTERN: how many requests in the log match.
asked() {
    grep -cE -- "$2" "$work/$1.log" || true
}

# is_asked COUNT NAME PATTERN: exactly so many.
is_asked() {
    [[ $(asked "$2" "$3") == "$1" ]] || {
        cat "$work/$2.log" >&2
        fail "$(asked "$2" "$3") requests instead of $1: $3"
    }
}

# same_blobs LAYOUT LAYOUT: both hold the same, byte for byte.
same_blobs() {
    diff -r "$1/blobs" "$2/blobs" || fail "$1 and $2 differ"
}

# start_docker_registry NAME [USER PASSWORD]: Debian's docker-registry; $registry is where it is.
start_docker_registry() {
    local name=$1 port
    command -v docker-registry >/dev/null || skip "docker-registry is not installed"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    {
        echo "version: 0.1"
        echo "log: {accesslog: {disabled: true}}"
        echo "storage: {filesystem: {rootdirectory: $work/$name}, delete: {enabled: true}}"
        echo "http: {addr: 127.0.0.1:$port, secret: test}"
        if [[ -n ${2:-} ]]; then
            htpasswd -nbB "$2" "$3" >"$work/$name.htpasswd"
            echo "auth: {htpasswd: {realm: test, path: $work/$name.htpasswd}}"
        fi
    } >"$work/$name.yml"
    OTEL_TRACES_EXPORTER=none docker-registry serve "$work/$name.yml" </dev/null >"$work/$name.out" 2>&1 &
    servers+=($!)
    registry=127.0.0.1:$port
    until curl -s -o "$work/$name.hello" "http://$registry/v2/"; do
        kill -0 "${servers[-1]}" 2>/dev/null || fail "docker-registry did not start: $(cat "$work/$name.out")"
        sleep 0.05
    done
}
