# A rebase that a rebuild might not equal is refused with status 1 and the check that failed, and
# nothing is written; --check says the same on standard output.
source "$PARE_SOURCE/tests/support/rebase.sh"
library 1 libanswer.so.1 ANSWER_1
program answer_ANSWER_1
base images:old 'environment: {MOOD: fair}'

# refused CHECK TEXT [OPTIONS...]: the application does not move from images:old to images:new.
refused() {
    local check=$1 text=$2
    expect 1 pare rebase "oci:$work/images:application" --onto "oci:$work/images:new" -o "$work/moved" "${@:3}"
    says "error: linux/amd64: $check: "
    says "$text"
    says "hint: "
    [[ ! -s $work/stdout ]] || fail "there is a result"
    nothing_written "$work/moved"
    expect 1 pare rebase "oci:$work/images:application" --onto "oci:$work/images:new" --check "${@:3}"
    prints "linux/amd64: not safe"
    prints "$text"
    expect 1 pare rebase "oci:$work/images:application" --onto "oci:$work/images:new" --check --json "${@:3}"
    [[ $(jq -r '.safe, .platforms[0].refusals[0].check' "$work/stdout" | xargs) == "false $check" ]] || fail "the JSON says something else"
}

# next NUMBER SONAME [VERSIONS...] -- [YAML...]: the base of another libanswer1.
next() {
    local arguments=()
    while [[ $1 != -- ]]; do arguments+=("$1"); shift; done
    library "${arguments[@]}"
    base images:new "${@:2}"
}

application images:application images:old 'environment: {MOOD: good}' 'work-dir: /'

# A library under another name, and one that is older than the program wants.
next 3 libanswer.so.2 ANSWER_1 --
refused libraries "/usr/bin/program needs libanswer.so.1, which the new base does not have"
next 4 libanswer.so.1 ANSWER_0 --
refused libraries "/usr/bin/program needs ANSWER_1 of libanswer.so.1, which the new base does not have"

# Both sides say something else than the old base.
next 5 libanswer.so.1 ANSWER_1 -- 'environment: {MOOD: bad}'
refused config 'Env MOOD: the image has "MOOD=good", its base had "MOOD=fair", the new base has "MOOD=bad"'

# The new base brings a file where the application has one, or another one where it replaced one.
mkdir -p "$work/more/etc" "$work/more/usr/share/answers/1"
echo from the base >"$work/more/etc/answer.conf"
next 6 libanswer.so.1 ANSWER_1 --
echo from the application >"$work/answer.conf"
application images:application images:old '    - {from: answer.conf, to: /etc/answer.conf}'
refused overlap "/etc/answer.conf is in the image's layers, and the new base has brought it too"
pare build "$work/base.yaml" -o "$work/images" --tag old --arch amd64 "${rewrite[@]}"
application images:application images:old '    - {from: answer.conf, to: /etc/answer.conf}'
echo otherwise >"$work/more/etc/answer.conf"
next 7 libanswer.so.1 ANSWER_1 --
refused overlap "/etc/answer.conf of the base was replaced by the image, and differs in the new base"
echo from the base >"$work/more/etc/answer.conf"
next 8 libanswer.so.1 ANSWER_1 --
pare rebase "oci:$work/images:application" --onto "oci:$work/images:new" --check
prints safe

# The directory that a plugin was put into goes with the program that reads it.
echo 1 >"$work/more/usr/share/answers/1/one"
next 9 libanswer.so.1 ANSWER_1 --
pare build "$work/base.yaml" -o "$work/images" --tag old --arch amd64 "${rewrite[@]}"
application images:application images:old '    - {from: answer.conf, to: /usr/share/answers/1/mine}'
rm -r "$work/more/usr"
next 10 libanswer.so.1 ANSWER_1 --
refused overlap "/usr/share/answers/1 is a directory of the base that the new base lacks"

# Not built on that base; on one that nobody has; not for that platform.
refused base "is not built on oci:$work/images:new" --base "oci:$work/images:new"
mkdir "$work/elsewhere"
skopeo copy -q "oci:$work/images:application" "oci:$work/elsewhere:application"
expect 1 pare rebase "oci:$work/elsewhere:application" --onto "oci:$work/elsewhere:application" -o "$work/moved"
says "is neither beside it nor beside"
says "hint: name the base that it was built on: --base"
skopeo copy -q "oci:$work/images:new" "oci:$work/arm:new"
umoci config --image "$work/arm:new" --architecture arm64
expect 1 pare rebase "oci:$work/images:application" --onto "oci:$work/arm:new" -o "$work/moved"
says "error: linux/amd64: platform: oci:$work/arm:new has no image for linux/amd64"
nothing_written "$work/moved"

# What is not there at all is an error of usage, as elsewhere.
expect 2 pare rebase "oci:$work/images:application" --onto "oci:$work/images:nothing" --check
one_error
expect 2 pare rebase "oci:$work/images:application"
one_error
