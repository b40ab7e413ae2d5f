# tests/support/structure_test.py, which says of our images that they are as they should be, can say
# that they are not: each kind of wrong expectation fails with its reason, and what it does not know
# is refused rather than skipped.
source "$PARE_SOURCE/tests/support/lib.sh"
[[ $(id -u) == 0 ]] && unshare --mount true 2>"$work/stderr" || skip "mounts need root here"
# A place of its own, so that nobody else's files are taken for those that stay behind.
mkdir "$work/tmp"
export TMPDIR=$work/tmp
[[ -e /bin/busybox ]] || skip "no busybox"
make_key archive
tree=$work/tree
mkdir -p "$tree/usr/bin" "$tree/usr/share/notes"
cp /bin/busybox "$tree/usr/bin/busybox"
ln -s busybox "$tree/usr/bin/sh"
printf 'first\nsecond: h\xc3\xa9\n' >"$tree/usr/share/notes/text"
ln -s /usr/share/notes/text "$tree/usr/share/notes/link"
ln -s loop "$tree/usr/share/notes/loop"
install -m 4750 /dev/null "$tree/usr/share/notes/setuid"
mkdir -m 1777 "$tree/usr/share/notes/shared"
make_deb notes 1 "$tree"
make_repository
definition notes
cat >>"$work/image.yaml" <<'END'
accounts:
  run-as: "1234"
  users: [{username: writer, uid: 1234, homedir: /home/writer}]
  groups: [{groupname: writer, gid: 1234}]
work-dir: /home/writer
environment: {NOTES: /usr/share/notes, PATH: /usr/bin}
entrypoint: {command: /usr/bin/false}
cmd: one two
END
build --tag test

run() {
    { echo 'schemaVersion: "'"${schema:-2.0.0}"'"' && cat; } >"$work/tests.yaml"
    python3 "$support/structure_test.py" "$work/image" test "$work/tests.yaml" >"$work/stdout" 2>"$work/stderr"
}
# holds: the tests on standard input do.
holds() {
    expect 0 run
    ! grep -q '^FAILED' "$work/stdout" || fail "a test failed and the status is 0"
}
# fails MESSAGE: the one test on standard input does, with this reason.
fails() {
    expect 1 run
    prints "$1"
    [[ $(grep -c '^FAILED' "$work/stdout") == 1 ]] || fail "not exactly one test failed"
    prints "0 of 1 tests hold"
}
# refused MESSAGE: the file on standard input is, and nothing of it is run.
refused() {
    expect 2 run
    says "$1"
    [[ ! -s $work/stdout ]] || fail "something was run"
}

holds <<'END'
globalEnvVars: [{key: PLACE, value: "${NOTES}/text"}]
commandTests:
  - name: user, work dir and a root that may be written
    command: sh
    args: [-c, 'id -u; pwd; busybox touch mine; busybox ls; echo error >&2; exit 3']
    expectedOutput: ['^1234\n/home/writer\nmine\n$']
    expectedError: ['^error$|^error\n$']
    excludedOutput: [error, '^mine']
    exitCode: 3
  - {name: and is fresh for each test, command: busybox, args: [ls, -A], excludedOutput: ['.']}
  - {name: setup is not, setup: [[sh, -c, 'busybox touch mine; exit 1']], teardown: [[no-such-program]],
     command: busybox, args: [ls], expectedOutput: [mine]}
  - {name: variables, envVars: [{key: OWN, value: "a$NOTES"}], command: sh,
     args: [-c, 'busybox cat $PLACE; echo "[${OWN}]"; busybox env; echo $(pwd)'],
     expectedOutput: ['h\xe9\n\[\]\n', '\nOWN=a/usr/share/notes\n', '\nPLACE=/usr/share/notes/text\n', '\n/home/writer\n$']}
fileExistenceTests:
  - {name: a path of the environment, path: $NOTES/text, permissions: -rw-r--r--, uid: 0, gid: 0}
  - {name: through a link of a directory, path: /bin/sh, permissions: Lrwxrwxrwx}
  - {name: special bits, path: /usr/share/notes/setuid, permissions: urwxr-x---, isExecutableBy: group}
  - {name: special bits of directories, path: /usr/share/notes/shared, permissions: dtrwxrwxrwx}
  - {name: a link that leads nowhere, path: /usr/share/notes/loop}
  - {name: nothing, path: /usr/share/notes/nothing, shouldExist: false}
fileContentTests:
  - {name: "the link leads to the image's file", path: /usr/share/notes/link,
     expectedContents: ['^first\nsecond', '(?i)SECOND: h.\n$'], excludedContents: ['first$', 'first.second']}
metadataTest:
  envVars: [{key: PATH, value: /usr/bin}, {key: NOTES, value: '^/usr/.*s$', isRegex: true}]
  unboundEnvVars: [{key: PLACES}]
  entrypoint: [/usr/bin/false]
  cmd: [one, two]
  user: "1234"
  workdir: /home/writer
  unexposedPorts: ["80"]
  unmountedVolumes: [/data]
END

schema=1.0.0 holds <<'END'
commandTests: [{name: the older form, command: [busybox, echo, $NOTES], expectedOutput: [/usr/share/notes]}]
fileExistenceTests: [{name: a dollar is one, path: $NOTES/text, shouldExist: false}]
END

fails "exit status 1 instead of 0" <<<'commandTests: [{name: a, command: "busybox", args: ["false"]}]'
fails "exit status 0 instead of 1" <<<'commandTests: [{name: a, command: "busybox", args: ["true"], exitCode: 1}]'
fails "nowhere cannot be started" <<<'commandTests: [{name: a, command: nowhere, exitCode: 1}]'
fails "nowhere cannot be started" <<<'commandTests: [{name: a, setup: [[nowhere]], command: busybox}]'
fails "standard output does not hold '^b': 'a\\nb\\n'" \
    <<<'commandTests: [{name: a, command: sh, args: [-c, "echo a; echo b"], expectedOutput: ["^b"]}]'
fails "standard output does not hold 'a$': 'a\\n'" \
    <<<'commandTests: [{name: a, command: sh, args: [-c, "echo a"], expectedOutput: ["a$"]}]'
fails "standard output holds 'a'" <<<'commandTests: [{name: a, command: sh, args: [-c, "echo a"], excludedOutput: [a]}]'
fails "standard error does not hold 'a'" <<<'commandTests: [{name: a, command: sh, args: [-c, "echo a"], expectedError: [a]}]'
fails "standard error holds 'a'" <<<'commandTests: [{name: a, command: sh, args: [-c, "echo a >&2"], excludedError: [a]}]'
fails "/nothing does not exist" <<<'fileExistenceTests: [{name: a, path: /nothing}]'
fails "/bin/sh exists" <<<'fileExistenceTests: [{name: a, path: /bin/sh, shouldExist: false}]'
fails "has permissions Lrwxrwxrwx instead of -rwxr-xr-x" \
    <<<'fileExistenceTests: [{name: a, path: /bin/sh, permissions: -rwxr-xr-x}]'
fails "has uid 0 instead of 5" <<<'fileExistenceTests: [{name: a, path: /, uid: 5}]'
fails "has gid 0 instead of 5" <<<'fileExistenceTests: [{name: a, path: /, gid: 5}]'
fails "is not executable by other: urwxr-x---" \
    <<<'fileExistenceTests: [{name: a, path: $NOTES/setuid, isExecutableBy: other}]'
fails "/nothing does not exist" <<<'fileContentTests: [{name: a, path: /nothing}]'
fails "/usr is not a file" <<<'fileContentTests: [{name: a, path: /usr}]'
fails "too many links" <<<'fileContentTests: [{name: a, path: /usr/share/notes/loop}]'
fails "/usr/share/notes/text does not hold 'third'" \
    <<<'fileContentTests: [{name: a, path: /usr/share/notes/text, expectedContents: [third]}]'
fails "/usr/share/notes/text holds 'first'" \
    <<<'fileContentTests: [{name: a, path: /usr/share/notes/text, excludedContents: [first]}]'
fails "variable NOTES is '/usr/share/notes' instead of '/usr'" <<<'metadataTest: {envVars: [{key: NOTES, value: /usr}]}'
fails "variable NO is not set" <<<'metadataTest: {envVars: [{key: NO, value: a}]}'
fails "variable NOTES is set" <<<'metadataTest: {unboundEnvVars: [{key: NOTES}]}'
fails "label a is not set" <<<'metadataTest: {labels: [{key: a, value: b}]}'
fails "entrypoint is ['/usr/bin/false'] instead of []" <<<'metadataTest: {entrypoint: []}'
fails "cmd is ['one', 'two'] instead of ['one']" <<<'metadataTest: {cmd: [one]}'
fails "user is '1234' instead of '0'" <<<'metadataTest: {user: "0"}'
fails "workdir is '/home/writer' instead of '/'" <<<'metadataTest: {workdir: /}'
fails "80 is not one of the exposedPorts" <<<'metadataTest: {exposedPorts: [80]}'
fails "/data is not one of the volumes" <<<'metadataTest: {volumes: [/data]}'

refused "tests.yaml:2: licenseTests is not known here" <<<'licenseTests: [{debian: true}]'
refused "containerRunOptions is not known here" <<<'containerRunOptions: {user: root}'
refused "expectedOuput is not known here" <<<'commandTests: [{name: a, command: sh, expectedOuput: [a]}]'
refused "name is missing" <<<'commandTests: [{command: sh}]'
refused "path is there twice" <<<'fileExistenceTests: [{name: a, path: /, path: /usr}]'
refused "a number is expected" <<<'commandTests: [{name: a, command: sh, exitCode: none}]'
refused "a list is expected" <<<'fileContentTests: [{name: a, path: /, expectedContents: a}]'
refused "the list is empty" <<<'commandTests: [{name: a, command: sh, setup: [[]]}]'
refused "tests.yaml:2: expression 'a(?=b)': '(?' is not known here" <<<'fileContentTests: [{name: a, path: /, expectedContents: ["a(?=b)"]}]'
refused "'[[:' is not known here" <<<'metadataTest: {labels: [{key: a, value: "[[:alpha:]]", isRegex: true}]}'
refused "any, owner, group or other is expected" <<<'fileExistenceTests: [{name: a, path: /, isExecutableBy: me}]'
refused "has no test" <<<'commandTests: []'
schema=1.0.0 refused "metadataTest is not known here" <<<'metadataTest: {user: "0"}'
schema=1.0.0 refused "a list is expected" <<<'commandTests: [{name: a, command: sh}]'
schema=3.0.0 refused "schemaVersion is 3.0.0" <<<'commandTests: [{name: a, command: sh}]'
expect 2 python3 "$support/structure_test.py" "$work/image" other "$work/tests.yaml" 2>"$work/stderr"
says "schemaVersion is 3.0.0"
echo 'schemaVersion: 2.0.0
metadataTest: {user: "1234"}' >"$work/tests.yaml"
expect 2 python3 "$support/structure_test.py" "$work/image" other "$work/tests.yaml" 2>"$work/stderr"
says "has 0 images with the tag other"

[[ -z $(find "$TMPDIR" -mindepth 1) ]] || fail "files stay behind"
! grep -q "$TMPDIR" /proc/mounts || fail "mounts stay behind"
