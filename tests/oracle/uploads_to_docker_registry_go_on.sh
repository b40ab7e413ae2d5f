# Debian's docker-registry behind a line that is cut: the upload goes on, or begins again where the
# registry has lost it, and what comes out is what went in.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app --layers 1 --size 3000000 >/dev/null
start_docker_registry one

# cutter BYTES TIMES: $cut leads to the registry; the first connections that carry more than so many
# bytes are cut.
cutter() {
    rm -f "$work/cutter.port"
    python3 "$support/cutting_proxy.py" "$registry" "$work/cutter.port" "$1" "$2" </dev/null >"$work/cutter.out" 2>&1 &
    servers+=($!)
    wait_for "$work/cutter.port"
    cut=127.0.0.1:$(cat "$work/cutter.port")
}

for at in 1000 70000 1500000 3000000; do
    cutter "$at" 2
    expect 0 pare push "oci:$work/image" "$cut/cut$at:1"
    expect 0 pare pull "$registry/cut$at:1" -o "$work/back$at" -t app
    same_blobs "$work/image" "$work/back$at"
    [[ $(cat "$work/cutter.out") == *cut* ]] || fail "nothing was cut at $at"
done
