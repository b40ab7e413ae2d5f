# pare lint: exit statuses, formats that others read, pragmas, options, and mending in place.
source "$PARE_SOURCE/tests/support/lib.sh"
schema=${PARE_FIXTURES:-$PARE_SOURCE/../shared/fixtures}/schemas/sarif/sarif-schema-2.1.0.json
cd "$work"
pin=@sha256:$(printf '0%.0s' {1..64})

cat >Dockerfile <<END
FROM golang:1.25-trixie$pin as build
RUN go build -o /server .
FROM gcr.io/distroless/base-debian13:nonroot$pin
COPY --from=build /server /server
HEALTHCHECK CMD ['/server', '--check']
ENTRYPOINT /server --port 8080
END

# Errors are findings: 1. The default file is ./Dockerfile.
expect 1 pare lint
prints "Dockerfile:1:97: note: FROM and as differ in case [keyword-casing]"
prints "Dockerfile:5:17: error: HEALTHCHECK is meant to be in exec form"
prints "    ENTRYPOINT /server --port 8080"
prints "Dockerfile: 2 errors, 0 warnings, 1 note"

# A report in each form.
expect 1 pare lint Dockerfile --json
[[ $(jq -r '[.findings[].rule] | join(",")' "$work/stdout") == keyword-casing,exec-form-not-json,shell-form-without-shell ]] ||
    fail "findings: $(cat "$work/stdout")"
expect 1 pare lint Dockerfile --format junit
python3 -c 'import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
assert suites.attrib["failures"] == "3" == str(len(suites.findall(".//failure")))' "$work/stdout"
expect 1 pare lint Dockerfile --format github
prints "::error file=Dockerfile,line=6,endLine=6,col=12,endColumn=31,title=shell-form-without-shell::"
expect 1 pare lint Dockerfile --format sarif
if [[ -f $schema ]] && python3 -c 'import jsonschema' 2>/dev/null; then
    python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' "$work/stdout" "$schema" ||
        fail "the SARIF schema does not hold"
else
    echo "skipped: the SARIF schema is not at $schema, or there is no jsonschema"
fi

# What counts as failure, and what is left out.
expect 0 pare lint Dockerfile --ignore exec-form-not-json --ignore shell-form-without-shell
expect 1 pare lint Dockerfile --ignore exec-form-not-json --ignore shell-form-without-shell --fail-on note
sed 's/^HEALTHCHECK/# pare ignore=exec-form-not-json\n&/; s/^ENTRYPOINT/# pare ignore=shell-form-without-shell\n&/' \
    Dockerfile >ignoring
expect 0 pare lint ignoring

# Standard input, other targets, arguments.
expect 0 pare lint - <<<$'FROM debian:13\nUSER 1'
prints "stdin:1:6: note: debian:13 is not pinned by digest"
expect 1 pare lint - --build-arg BASE=debian <<<$'ARG BASE=debian:13\nFROM $BASE\nUSER 1'
prints "debian is whatever is the newest"
expect 0 pare lint Dockerfile --target build --ignore runs-as-root --ignore unused-stage --ignore exec-form-not-json

# Mending in place leaves nothing that can be mended.
expect 0 pare lint Dockerfile --fix
prints "nothing found"
grep -qxF 'ENTRYPOINT ["/server", "--port", "8080"]' Dockerfile || fail "not mended: $(cat Dockerfile)"
grep -qxF "HEALTHCHECK CMD [\"/server\", \"--check\"]" Dockerfile || fail "not mended: $(cat Dockerfile)"
cp Dockerfile again
expect 0 pare lint again --fix
cmp Dockerfile again

# What cannot be parsed is an error with its place.
expect 2 pare lint - <<<$'FROM debian:13\nCOPPY a b'
one_error
says "stdin:2:1: there is no instruction COPPY"
says "did you mean copy?"
expect 2 pare lint Dockerfile --format xml
says "use text, json, sarif, junit or github"
expect 2 pare lint Dockerfile --fail-on fatal
expect 2 pare lint Dockerfile --ignore no-such-rule
expect 2 pare lint Dockerfile --target nothing
expect 2 pare lint - --fix <<<"FROM debian:13"
expect 2 pare lint server.yaml
says "pare show config"
expect 3 pare lint missing

expect 0 pare lint --list-rules
[[ $(wc -l <"$work/stdout") == $(find "$PARE_SOURCE/docs/rules" -name '*.md' | wc -l) ]] || fail "not all rules are listed"
