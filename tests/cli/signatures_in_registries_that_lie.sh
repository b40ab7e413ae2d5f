# A registry that gives other bytes than those asked for is refused with status 4, whatever it
# spoils: the image's manifest, a list, a signature or what is signed.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app)
hex=${digest#sha256:}
export PARE_PASSWORD=secret
cd "$work"
expect 0 pare keygen -o release
start_registry clean
clean=$registry
expect 0 pare push oci:image:app "$clean/app:1"
for form in bundle tag; do
    expect 0 pare copy oci:image:app "$clean/$form:1"
    expect 0 pare sign "$clean/$form@$digest" --key release.key --form $form
done

# lies NAME FORM FAULT TEXT [OPTIONS OF registry.py...]: what is verified without the fault is not with it.
lies() {
    local name=$1 form=$2 fault=$3 text=$4
    shift 4
    start_registry "$name" --fault "$fault" "$@"
    expect 0 pare copy "$clean/$form:1" "$registry/app:1"
    expect 4 pare verify "$registry/app${reference:-:1}" --key release.pub
    says "$text"
    one_error
}
other=sha256:$(printf '%064d' 1)
lies named bundle "GET */manifests/1 digest=$other" "does not hold what it should"
lies tagged bundle 'GET */manifests/1 flip' "does not hold what it should"
reference=@$digest lies pinned bundle "GET */manifests/$digest flip" "expected $digest"
lies referrer bundle 'GET */manifests/sha256:* flip' "does not hold what it should"
lies signature tag "GET */manifests/sha256-$hex.sig flip" "does not hold what it should"
lies payload tag 'GET */blobs/* flip' "warning: sha256-$hex.sig layer 1: "
lies content bundle 'GET */blobs/* flip' "warning: referrer sha256:"

# And nothing is signed that is not what its name says.
start_registry signing --fault "GET */manifests/1 digest=$other"
expect 0 pare push oci:image:app "$registry/app:1"
expect 4 pare sign "$registry/app:1" --key release.key
is_asked 0 signing '^PUT .*/manifests/sha256'
