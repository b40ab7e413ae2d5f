# Two that push the same image, or change what belongs to it, at the same time do not disturb each
# other.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app --layers 6 --size 400000)
start_registry one --no-referrers
jobs=()
for number in 1 2 3; do
    "$PARE" push "oci:$work/image" "$registry/app:$number" >"$work/out$number" 2>&1 &
    jobs+=($!)
done
for number in 1 2 3; do
    wait "${jobs[number - 1]}" || fail "pusher $number: $(cat "$work/out$number")"
    grep -q "$registry/app:$number@$digest" "$work/out$number" || fail "pusher $number says something else"
done
expect 0 pare pull "$registry/app:2" -o "$work/back" -t app
same_blobs "$work/image" "$work/back"
