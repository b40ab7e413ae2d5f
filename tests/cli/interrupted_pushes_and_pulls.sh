# A push or pull that is interrupted ends with 130, has written no tag and left nothing half written;
# what came whole is not fetched again.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app --layers 2 >/dev/null
start_registry slow --fault 'PUT */blobs/* status=429 retry-after=60 skip=1'
"$PARE" push "oci:$work/image" "$registry/app:1" >"$work/stdout" 2>"$work/stderr" &
pid=$!
until (($(asked slow '^PUT .* 429') >= 1)); do sleep 0.05; done
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
[[ $status == 130 ]] || fail "status $status instead of 130"
is_asked 0 slow '^PUT .*/manifests/'

start_registry cut --fault 'GET */blobs/* status=429 retry-after=60 skip=2'
expect 0 pare push "oci:$work/image" "$registry/app:1"
"$PARE" pull "$registry/app:1" -o "$work/back" -t app >"$work/stdout" 2>"$work/stderr" &
pid=$!
until (($(asked cut '^GET .* 429') >= 1)); do sleep 0.05; done
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
[[ $status == 130 ]] || fail "status $status instead of 130"
nothing_written "$work/back"
[[ $(find "$work/back" -mindepth 1 -maxdepth 1 -not -name blobs) == "" ]] || fail "something stayed behind: $(ls -A "$work/back")"
kept=$(find "$work/back/blobs" -type f | wc -l)
[[ $kept == 2 ]] || fail "$kept blobs were kept"
