# Python programs with modules in machine code run under runc as nonroot on a read-only root with what pare wrap chose: numpy
# (BLAS, LAPACK, Fortran), psycopg2 (libpq, Kerberos, LDAP) and lxml (libxml2, libxslt), none of which the image of Python has.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the modules are for amd64"
debian_tree python3-numpy python3-psycopg2 python3-lxml

project=$work/shop
mkdir "$project"
/usr/bin/python3 -m venv --without-pip "$project/.venv"
modules=$(echo "$project"/.venv/lib/python3.*/site-packages)
cp -r "$tree"/usr/lib/python3/dist-packages/* "$modules/"
printf '#!%s/.venv/bin/python3\nimport app.__main__\n' "$project" >"$project/.venv/bin/shop"
chmod +x "$project/.venv/bin/shop"
# As an installer does for a project in development.
echo "$project" >"$modules/shop.pth"
printf 'psycopg2\nlxml\nnumpy\n' >"$project/requirements.txt"
mkdir "$project/app"
cat >"$project/app/__main__.py" <<'END'
import http.server
import sys

import lxml.etree
import numpy
import psycopg2


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        solution = numpy.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 8.0])
        text = lxml.etree.fromstring("<a>hello</a>").text
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{text} {solution[1]:.0f} {psycopg2.__libpq_version__} {sys.prefix}\n".encode())


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
print("imported", numpy.__version__)
END
expect 0 pare wrap "$project" -o "$work/layout"
unpack "$work/layout" shop:latest "$work/bundle"
port=$(free_port)
start_server "$work/bundle" "$port"
answers "^hello 2 1[0-9]* /venv$" curl -fsS "http://127.0.0.1:$port/"
stop_server

# The script that an installer wrote, by its name.
expect 0 pare wrap "$project" --entrypoint "shop 0" --name by-script -o "$work/layout"
unpack "$work/layout" by-script:latest "$work/by-script"
run_bundle "$work/by-script" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
grep -q "^imported 1" "$work/said" || fail "$(cat "$work/said")"
