# SIGINT and SIGTERM end a build with status 130 and one word; nothing half done is left.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/share"
head -c 300000 /dev/urandom >"$work/tree/usr/share/data"
make_deb hello 1.0 "$work/tree"
make_repository
definition hello
"$PARE_BUILD/tests/fault_server" --directory "$work/repo" --port-file "$work/port" --log "$work/requests" \
    --fault '/pool/** stall=1000' </dev/null &
until [[ -s $work/port ]]; do kill -0 %1 && sleep 0.05; done
url=http://127.0.0.1:$(cat "$work/port")/
for signal in INT TERM; do
    rm -rf "$work/store"
    # A shell makes background jobs ignore SIGINT; setsid's child has the default again.
    python3 - "$signal" "$work/stderr" "$work/port" "$PARE" build "$work/image.yaml" -o "$work/image" --arch amd64 \
        --rewrite "http://repo.invalid/=$url" <<'PY' || fail "SIG$signal"
import signal, subprocess, sys, time
name, log, _, *command = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)
with open(log, "w+") as stderr:
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
    # The indexes are there and the package is on its way: then its line has been written.
    while "solve:" not in open(log).read():
        assert child.poll() is None, open(log).read()
        time.sleep(0.02)
    child.send_signal(getattr(signal, "SIG" + name))
    status = child.wait()
    assert status == 130, status
PY
    says "interrupted"
    grep -q "error:" "$work/stderr" && fail "an interruption is no error"
    nothing_written "$work/image"
done
kill %1
build
