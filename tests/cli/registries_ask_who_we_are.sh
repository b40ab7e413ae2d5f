# Basic authentication and tokens; credentials from docker's and podman's files and from helpers;
# login and logout.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app >/dev/null
start_registry basic --basic me:secret
basic=$registry
start_registry token --token me:secret
token=$registry

for where in "$basic" "$token"; do
    expect 3 pare push "oci:$work/image" "$where/app:1"
    says "pare login"
    printf 'wrong' | expect 3 pare login "$where" -u me --password-stdin
    [[ ! -e $HOME/.docker/config.json ]] || fail "a wrong password was kept"
    printf 'secret\n' | expect 0 pare login "$where" -u me --password-stdin
    prints "logged in at $where"
    expect 0 pare push "oci:$work/image" "$where/app:1"
    expect 0 pare ls "$where/app"
    prints 1
    expect 0 pare logout "$where"
    expect 3 pare pull "$where/app:1" -o "$work/none"
    rm -r "$HOME/.docker"
done
# Without an answer to give, nobody is told the password; with one, it is given to the realm alone.
is_asked 0 token '^(PUT|POST|HEAD|GET) /v2/.* basic$'
is_asked 0 basic ' bearer$'

# Nothing is asked on the terminal.
expect 2 pare login "$basic"
says "asks no questions"

# podman's file, with a key for a part of the registry.
mkdir -p "$work/run/containers"
auth=$(printf 'me:secret' | base64)
printf '{"auths":{"%s":{"auth":"d3Jvbmc6d3Jvbmc="},"%s/app":{"auth":"%s"}}}' "$token" "$token" "$auth" \
    >"$work/run/containers/auth.json"
XDG_RUNTIME_DIR=$work/run expect 0 pare ls "$token/app"
REGISTRY_AUTH_FILE=$work/run/containers/auth.json expect 0 pare ls "$token/app"

# A helper, for this host or for all; what it says is nowhere.
mkdir -p "$work/bin" "$HOME/.docker"
cat >"$work/bin/docker-credential-test" <<'END'
#!/bin/sh
read -r server
echo "$1 $server" >>"$HOME/helper.log"
[ "$1" = get ] || exit 0
echo '{"ServerURL":"x","Username":"me","Secret":"secret"}'
END
chmod +x "$work/bin/docker-credential-test"
export PATH=$work/bin:$PATH
echo '{"credsStore":"test","currentContext":"kept"}' >"$HOME/.docker/config.json"
expect 0 pare ls "$basic/app" -v
grep -qx "get $basic" "$HOME/helper.log" || fail "the helper was not asked"
grep -q secret "$work/stderr" && fail "the secret is in the messages"
printf 'secret' | expect 0 pare login "$basic" -u me --password-stdin
grep -q '^store ' "$HOME/helper.log" || fail "the helper was not told"
grep -q secret "$HOME/.docker/config.json" && fail "the secret is in the file"
expect 0 pare logout "$basic"
grep -qx "erase $basic" "$HOME/helper.log" || fail "the helper was not told to forget"
[[ $(jq -r .currentContext "$HOME/.docker/config.json") == kept ]] || fail "the file lost what is not ours"

# A helper that is not there is a warning; what needs no credentials goes on.
echo '{"credHelpers":{"'"$basic"'":"missing"}}' >"$HOME/.docker/config.json"
expect 3 pare ls "$basic/app"
says "docker-credential-missing"

# A token to be exchanged for a token.
rm -r "$HOME/.docker"
start_registry identity --identity refresh-me
mkdir "$HOME/.docker"
echo '{"auths":{"'"$registry"'":{"identitytoken":"refresh-me"}}}' >"$HOME/.docker/config.json"
expect 0 pare push "oci:$work/image" "$registry/app:1"
rm -r "$HOME/.docker"
printf 'secret' | expect 0 pare login "$basic" -u me --password-stdin
[[ $(stat -c %a "$HOME/.docker/config.json") == 600 ]] || fail "others can read the password"
