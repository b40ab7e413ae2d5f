# What was signed in a layout is still signed after a way through registries with and without the
# referrers API.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app --arch amd64 --arch arm64)
export PARE_PASSWORD=secret
expect 0 pare keygen -o "$work/release"
for form in bundle tag; do
    expect 0 pare sign "oci:$work/image:app" --key "$work/release.key" --form "$form"
done
start_registry modern
modern=$registry
start_registry plain --no-referrers
expect 0 pare copy "oci:$work/image:app" "$modern/app:1"
expect 0 pare copy "$modern/app:1" "$registry/app:1"
expect 0 pare copy "$registry/app@$digest" "oci:$work/back:app"
expect 0 pare verify "oci:$work/back:app" --key "$work/release.pub"
same_blobs "$work/image" "$work/back"
