# What is typed wrongly ends with status 2, one error line and the nearest name; nothing is made.
source "$PARE_SOURCE/tests/support/lib.sh"

wrong() {
    local hint=$1
    shift
    expect 2 pare "$@"
    one_error
    says "hint: $hint"
    [[ ! -s $work/stdout ]] || fail "something on standard output: pare $*"
}

wrong "did you mean pare build?" biuld
wrong "did you mean pare show packages?" show pakages cc
wrong "did you mean --offline?" build cc -o "$work/x" --ofline
wrong "see pare build --help" build cc
wrong "see pare --help"
wrong "use oci, oci-archive or docker-archive" build cc -o "$work/x" --format tarball
wrong "use --rewrite" build cc -o "$work/x" --rewrite nothing
wrong "make it with: pare lock $work/a.yaml" build "$work/a.yaml" -o "$work/x" --locked
nothing_written "$work/x"
[[ ! -e $PARE_STORE ]] || fail "a store was made for nothing"
