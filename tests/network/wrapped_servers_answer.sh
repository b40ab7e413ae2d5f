# Servers out of Debian's packages, wrapped and run under runc as nonroot on a read-only root with nothing but what pare wrap chose
# for them: each answers a request.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the programs are for amd64"
debian_tree nginx redis-server redis-tools memcached postgresql-15 sqlite3 ffmpeg

# wrap_it NAME PATH... [OPTIONS...]: into $work/bundle.
wrap_it() {
    local name=$1
    shift
    rm -rf "$work/layout" "$work/bundle"
    pare wrap "$@" --distribution debian:12 --name "$name" -o "$work/layout" || fail "pare wrap $1: $(cat "$work/stderr")"
    unpack "$work/layout" "$name:latest" "$work/bundle"
    echo "$name: $(find "$work/bundle/rootfs" -name '*.so*' -type f | wc -l) libraries, $(du -sk "$work/bundle/rootfs" | cut -f1) kB"
}
# says_once EXPRESSION ARGUMENTS...: what the image's program prints with these.
says_once() {
    local expression=$1
    shift
    python3 "$support/runc_config.py" "$work/bundle/config.json" --append "$@"
    runc run --bundle "$work/bundle" "pare-test-$$-$RANDOM" >"$work/said" 2>&1 || true
    grep -qE -- "$expression" "$work/said" || fail "it says something else: $(tail -n 5 "$work/said")"
}

port=$(free_port)
mkdir "$work/site"
echo "hello from nginx" >"$work/site/index.html"
cat >"$work/site/nginx.conf" <<END
daemon off;
error_log stderr;
pid /tmp/nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
    server { listen 127.0.0.1:$port; root /app/site; }
}
END
wrap_it nginx "$tree/usr/sbin/nginx" "$work/site" --entrypoint "/usr/bin/nginx -c /app/site/nginx.conf" -p "$port"
start_server "$work/bundle"
answers "hello from nginx" curl -fsS "http://127.0.0.1:$port/"
stop_server

# A link to a program that goes by its name.
port=$(free_port)
wrap_it redis-server "$tree/usr/bin/redis-server"
start_server "$work/bundle" --port "$port" --save "" --dir /tmp
answers "^.PONG" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port && printf 'PING\r\nQUIT\r\n' >&3 && cat <&3"
stop_server

port=$(free_port)
wrap_it memcached "$tree/usr/bin/memcached"
start_server "$work/bundle" -l 127.0.0.1 -p "$port"
answers "^VERSION 1" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port && printf 'version\r\nquit\r\n' >&3 && cat <&3"
stop_server

wrap_it postgres "$tree/usr/lib/postgresql/15/bin/postgres"
says_once "^postgres \(PostgreSQL\) 15" --version
wrap_it sqlite3 "$tree/usr/bin/sqlite3"
says_once "^42$" :memory: "select 6 * 7"
# Over 80 libraries; it makes and encodes a picture with them.
wrap_it ffmpeg "$tree/usr/bin/ffmpeg"
[[ $(find "$work/bundle/rootfs" -name '*.so*' -type f | wc -l) -gt 80 ]] || fail "ffmpeg has less than 80 libraries"
says_once "frame= +1 " -f lavfi -i testsrc=size=64x64 -frames:v 1 -f null -
