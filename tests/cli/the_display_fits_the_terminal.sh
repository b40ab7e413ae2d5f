# On a terminal there is a live display that leaves nothing behind; with CI, TERM=dumb or no
# terminal there are plain lines; NO_COLOR takes the colours away.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
"$PARE_BUILD/tests/fault_server" --directory "$work/repo" --port-file "$work/port" \
    --fault '/pool/** delay=700' </dev/null &
until [[ -s $work/port ]]; do kill -0 %1 && sleep 0.05; done
rewrite="http://repo.invalid/=http://127.0.0.1:$(cat "$work/port")/"

# on_terminal VARIABLE=VALUE... -- ARGUMENTS: what pare writes to a terminal, in $work/screen.
on_terminal() {
    python3 - "$work/screen" "$@" <<'PY'
import os, pty, sys
out, *rest = sys.argv[1:]
cut = rest.index("--")
variables, command = rest[:cut], rest[cut + 1:]
environment = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "TERM")}
environment.update(v.split("=", 1) for v in variables)
pid, terminal = pty.fork()
if pid == 0:
    os.execve(command[0], command, environment)
seen = b""
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    seen += piece
os.waitpid(pid, 0)
open(out, "wb").write(seen)
PY
}
run() {
    rm -rf "$work/store" "$work/image"
    on_terminal "$@" -- "$PARE" build "$work/image.yaml" -o "$work/image" --arch amd64 --rewrite "$rewrite"
}
escape=$'\x1b'

run TERM=xterm
grep -q "download " "$work/screen" || fail "no live display"
grep -q "${escape}\[J" "$work/screen" || fail "the display is not erased"
grep -q "download: 1 package" "$work/screen" && fail "plain lines on a terminal"
# After the last drawing was erased, only messages and the result follow.
tail -n 1 "$work/screen" | grep -q "@sha256:" || fail "the result is not the last line"

for plain in "TERM=dumb" "TERM=xterm CI=true"; do
    run $plain
    grep -q "download: 1 package" "$work/screen" || fail "no plain line with $plain"
    grep -q "$escape" "$work/screen" && fail "escape sequences with $plain"
done

on_terminal TERM=xterm -- "$PARE" biuld
grep -q "${escape}\[1;31merror:" "$work/screen" || fail "no colour"
on_terminal TERM=xterm NO_COLOR=1 -- "$PARE" biuld
grep -q "$escape" "$work/screen" && fail "colour in spite of NO_COLOR"
kill %1
