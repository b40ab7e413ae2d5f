# Who signs in a registry says who he is, who verifies needs to read alone.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app)
export PARE_PASSWORD=secret
expect 0 pare keygen -o "$work/release"
for kind in basic token; do
    start_registry $kind --$kind me:secret
    expect 3 pare sign "$registry/app@$digest" --key "$work/release.key"
    says "401"
    says "pare login $registry"
    one_error
    expect 3 pare verify "$registry/app@$digest" --key "$work/release.pub"
    says "pare login $registry"
    printf 'secret' | expect 0 pare login "$registry" -u me --password-stdin
    expect 0 pare push "oci:$work/image:app" "$registry/app:1"
    expect 0 pare sign "$registry/app@$digest" --key "$work/release.key" --form bundle --form tag
    : >"$work/$kind.log"
    expect 0 pare verify "$registry/app@$digest" --key "$work/release.pub"
done
is_asked 1 token '^GET /token'
is_asked 1 token '^GET /token\?.*scope=repository(:|%3A)app(:|%3A)pull( |&)'
