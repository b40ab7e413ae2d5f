# `healthcheck: URL` puts the probe of the architecture into the image and calls it in the image's
# configuration; a child that says nothing of it keeps both. Podman runs the health check for real.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1
make_repository
definition hello
echo "healthcheck: {probe: 'http://127.0.0.1:8080/index.html', timeout: 5s}" >>"$work/image.yaml"
expect 0 build --tag app
umoci unpack --rootless --image "$work/image:app" "$work/bundle" >/dev/null
cmp "$PARE_BUILD/probe/amd64" "$work/bundle/rootfs/usr/bin/pare-probe" || fail "not the probe for amd64"
[[ $(stat -c %a "$work/bundle/rootfs/usr/bin/pare-probe") == 755 ]] || fail "the probe cannot be run"
config=$(skopeo inspect --config --raw "oci:$work/image:app")
[[ $(jq -c .config.Healthcheck <<<"$config") == \
    '{"Test":["CMD","/usr/bin/pare-probe","--timeout=5000ms","http://127.0.0.1:8080/index.html"],"Timeout":5000000000}' ]] ||
    fail "another health check: $(jq -c .config.Healthcheck <<<"$config")"

# A child keeps the health check of its parent and does not bring the probe again.
cp "$work/image.yaml" "$work/base.yaml"
printf 'from: ./base.yaml\nentrypoint: {command: /bin/x}\n' >"$work/image.yaml"
expect 0 build --tag child
config=$(skopeo inspect --config --raw "oci:$work/image:child")
[[ $(jq -r '.config.Healthcheck.Test[1]' <<<"$config") == /usr/bin/pare-probe ]] || fail "the child lost the health check"
probes=$(for layer in "$work"/image/blobs/sha256/*; do
    tar -tzf "$layer" 2>/dev/null | grep -x 'usr/bin/pare-probe' || true
done | wc -l)
[[ $probes == 1 ]] || fail "$probes probes in the layers of a parent and its child"

# A URL that no probe could ask is told with its place.
sed -i 's,127.0.0.1:8080,web,' "$work/base.yaml"
expect 2 build
one_error
says "base.yaml:5:22: 'http://web/index.html' cannot be probed from 'web/index.html' on"

# Podman asks for real: a server of busybox, which answers, and then has lost the file.
busybox=$(command -v busybox) && [[ $(id -u) == 0 ]] && command -v podman runc >/dev/null || skip "podman, runc, busybox or root is missing"
ldd "$busybox" >/dev/null 2>&1 && skip "busybox is not static (busybox-static)"
cat >"$work/image.yaml" <<END
contents:
  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']
  packages: [hello]
  files:
    - {from: $busybox, to: /usr/bin/busybox}
    - {content: "well", to: /srv/index.html}
entrypoint: {command: [/usr/bin/busybox, httpd, -f, -p, "127.0.0.1:8080", -h, /srv]}
healthcheck: http://localhost:8080/index.html
archs: [amd64]
END
expect 0 pare build "$work/image.yaml" -o "$work/image.tar" --format docker-archive --tag localhost/app:latest \
    --arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/"
cat >"$work/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "none"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END
export CONTAINERS_CONF=$work/containers.conf
podman() {
    command podman --root "$work/podman" --runroot "$work/podman-run" --storage-driver vfs "$@"
}
podman load -q -i "$work/image.tar" >/dev/null || fail "podman cannot load the image"
podman run -d --name app localhost/app:latest >/dev/null 2>"$work/podman.log" || skip "podman cannot run: $(tail -n 1 "$work/podman.log")"
stop() {
    local status=$?
    set +e
    podman rm -f -t 0 app >/dev/null 2>&1
    (exit "$status")
    finish
}
trap stop EXIT
for _ in {1..50}; do
    podman healthcheck run app >"$work/health" 2>&1 && break
    sleep 0.1
done
podman healthcheck run app || fail "podman finds the server unwell: $(cat "$work/health")"
podman exec app /usr/bin/busybox rm /srv/index.html
expect 1 podman healthcheck run app
[[ $(podman inspect app | jq -r '.[0].State.Healthcheck.Log[-1].Output // .[0].State.Health.Log[-1].Output') == \
    *"pare-probe: http://localhost:8080/index.html: status 404, wanted 200-399"* ]] || fail "the probe's message is not in podman's log"
