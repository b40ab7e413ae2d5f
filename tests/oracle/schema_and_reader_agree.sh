# Python's jsonschema, with docs/definition.schema.json, and pare agree on what a definition is.
source "$PARE_SOURCE/tests/support/lib.sh"
python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null || skip "python3-jsonschema is too old or missing"
mkdir "$work/definitions"
python3 "$support/definition_verdicts.py" "$PARE_SOURCE/docs/definition.schema.json" "$work/definitions" >"$work/verdicts"
while read -r name verdict; do
    if [[ $verdict == good ]]; then
        expect 0 pare show config "$work/definitions/$name.yaml"
    else
        expect 2 pare show config "$work/definitions/$name.yaml"
        one_error
        says "$name.yaml:1:"
    fi
done <"$work/verdicts"
