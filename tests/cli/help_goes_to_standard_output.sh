# --help and --version are results: status 0, standard output, no message.
source "$PARE_SOURCE/tests/support/lib.sh"

for words in --help help "build --help" "help lock" "show --help" "show files -h" --version version; do
    expect 0 pare $words
    [[ -s $work/stdout && ! -s $work/stderr ]] || fail "pare $words"
done
prints "pare "
pare version --json
python3 -m json.tool "$work/stdout" >/dev/null || fail "no JSON"
# A reader that goes early ends pare without a message.
for ((i = 0; i < 3; i++)); do
    "$PARE" --help 2>"$work/stderr" | head -n 1 >/dev/null || true
    [[ ! -s $work/stderr ]] || fail "a message about the closed pipe"
done
