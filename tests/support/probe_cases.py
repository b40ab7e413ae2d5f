"""Asks the health-check probe about servers and files of all kinds: probe_cases.py DIRECTORY PROBE...

PROBE is the program, with an emulator before it or not. Each case has the arguments, the exit status, and what the one line
on stderr says. DIRECTORY is an empty one to work in.
"""
import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
requests = []


def read_request(connection):
    request = b""
    while b"\r\n\r\n" not in request:
        piece = connection.recv(4096)
        if not piece:
            break
        request += piece
    requests.append(request)


def answer(text):
    def serve(connection):
        read_request(connection)
        connection.sendall(text)
    return serve


def one_by_one(text, pause):
    def serve(connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in text:
            connection.sendall(bytes([byte]))
            time.sleep(pause)
    return serve


def silence(connection):
    time.sleep(5)


def reset(connection):
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def endless(connection):
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def hurried(connection):
    connection.sendall(GOOD)
    connection.shutdown(socket.SHUT_RD)


def listener(family, address, serve):
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(address)
    server.listen(16)

    def handle(connection):
        with connection, contextlib.suppress(OSError):
            serve(connection)

    def accept():
        while True:
            connection, _ = server.accept()
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()


def ipv4(serve):
    return listener(socket.AF_INET, ("127.0.0.1", 0), serve)[1]


def ipv6(serve):
    return listener(socket.AF_INET6, ("::1", 0), serve)[1]


def full(family, address):
    """Listens, but its queue is full and nobody takes from it."""
    server = socket.socket(family)
    server.bind(address)
    server.listen(0)
    waiting = [server]
    for _ in range(4):
        client = socket.socket(family)
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            client.connect(server.getsockname())
        waiting.append(client)
    return server.getsockname(), waiting


def deaf(family, address):
    """Has the port, so that nobody else gets it, but does not listen."""
    server = socket.socket(family)
    server.bind((address, 0))
    return server, server.getsockname()[1]


def cases(directory):
    good = ipv4(answer(GOOD))
    url = f"http://127.0.0.1:{good}/healthz?full=1"
    yield [url], 0, ""
    yield [f"http://127.0.0.1:{good}"], 0, ""
    yield [f"http://localhost:{good}/"], 0, ""
    yield [f"tcp://127.0.0.1:{good}"], 0, ""
    yield [f"tcp://localhost:{good}"], 0, ""
    yield ["--status=200", url], 0, ""
    yield ["--status=100-199", url], 1, f"{url}: status 200, wanted 100-199"
    for status, verdict in (("204", 0), ("302 Found", 0), ("404 Not Found", 1), ("503", 1), ("103 Early Hints", 1)):
        port = ipv4(answer(f"HTTP/1.1 {status}\r\n\r\n".encode()))
        yield [f"http://127.0.0.1:{port}/"], verdict, f"status {status[:3]}, wanted 200-399"
        yield [f"--status={status[:3]}", f"http://127.0.0.1:{port}/"], 0, ""
    yield [f"http://127.0.0.1:{ipv4(answer(b'HTTP/1.0 200 OK' + bytes([10, 10])))}/"], 0, ""

    # Servers that do not behave.
    yield [f"http://127.0.0.1:{ipv4(one_by_one(GOOD, 0.01))}/"], 0, ""
    slow = ipv4(one_by_one(GOOD, 0.3))
    yield ["--timeout=700ms", f"http://127.0.0.1:{slow}/"], 1, "no answer: timed out"
    quiet = ipv4(silence)
    yield ["--timeout=500ms", f"http://127.0.0.1:{quiet}/"], 1, "no answer: timed out"
    yield ["--timeout=500ms", f"http://localhost:{quiet}/"], 1, "no answer: timed out"
    yield [f"tcp://127.0.0.1:{quiet}"], 0, ""
    for text in (b"", b"HTTP/1.1", b"HTTP/1.1 200"):
        yield [f"http://127.0.0.1:{ipv4(answer(text))}/"], 1, "closed without an answer"
    for text in (b"SSH-2.0-OpenSSH_9.2p1", b"HTTP/2.0 200 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 20 OK....", b"HTTP/1.1 099 OK",
                 b"HTTP/1.1 abc OK", b"\0" * 64, b"\xff" * 64, b"HTTP/1.1x200 OK"):
        yield [f"http://127.0.0.1:{ipv4(answer(text))}/"], 1, "the answer is not HTTP/1"
    yield [f"http://127.0.0.1:{ipv4(reset)}/"], 1, "no answer: connection reset"
    yield [f"http://127.0.0.1:{ipv4(endless)}/"], 0, ""
    yield [f"http://127.0.0.1:{ipv4(hurried)}/" + "x" * 900], 0, ""
    _deaf, refused = deaf(socket.AF_INET, "127.0.0.1")
    yield [f"http://127.0.0.1:{refused}/"], 1, "cannot connect: connection refused"
    (_, port), _waiting = full(socket.AF_INET, ("127.0.0.1", 0))
    yield ["--timeout=400ms", f"tcp://127.0.0.1:{port}"], 1, "cannot connect: timed out"

    if socket.has_ipv6 and Path("/proc/net/if_inet6").exists() and Path("/proc/net/if_inet6").read_text():
        port = ipv6(answer(GOOD))
        for host in ("[::1]", "[0:0::0:1]", "localhost"):
            yield [f"http://{host}:{port}/"], 0, ""
        _deaf_too, refused = deaf(socket.AF_INET6, "::1")
        yield [f"http://[::1]:{refused}/"], 1, "cannot connect: connection refused"

    path = f"{directory}/s.sock"
    listener(socket.AF_UNIX, path, silence)
    yield [f"unix://{path}"], 0, ""
    yield [f"unix://{directory}/none.sock"], 1, "cannot connect: no such file"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(f"{directory}/dead.sock")
    yield [f"unix://{directory}/dead.sock"], 1, "cannot connect: connection refused"
    _, _waiting_too = full(socket.AF_UNIX, f"{directory}/full.sock")
    yield ["--timeout=400ms", f"unix://{directory}/full.sock"], 1, "cannot connect: timed out"

    alive = f"{directory}/a live"
    Path(alive).touch()
    yield [f"file://{alive}"], 0, ""
    yield [f"file://{alive}?max-age=5m"], 0, ""
    os.utime(alive, (0, time.time() - 100))
    yield [f"file://{alive}?max-age=30s"], 1, "last modified 10"
    yield [f"file://{alive}?max-age=2m"], 0, ""
    os.utime(alive, (0, time.time() + 100))
    yield [f"file://{alive}?max-age=30s"], 1, "s in the future"
    os.utime(alive, (0, time.time() - 50 * 24 * 3600))
    yield [f"file://{alive}?max-age=36h"], 2, "cannot be probed from here on: 36h"
    yield [f"file://{alive}?max-age=30000m"], 1, f"last modified {50 * 24 * 36}"
    yield [f"file://{directory}/none"], 1, "none: no such file"

    # Wrong calls.
    yield [], 2, "usage: pare-probe"
    yield [url, url], 2, "usage: pare-probe"
    yield ["--timeout=3", url], 2, "usage: pare-probe"
    yield ["--status=20", url], 2, "usage: pare-probe"
    yield ["--status=300-200", url], 2, "usage: pare-probe"
    yield ["--verbose", url], 2, "usage: pare-probe"
    yield ["--verbose"], 2, "cannot be probed from here on: --verbose"
    yield ["http://server/"], 2, "cannot be probed from here on: server/"
    yield [f"http://127.0.0.1:{good}/a b"], 2, "cannot be probed from here on:  b"
    yield ["http://127.0.0.1/a\r\nHost: b\n"], 2, "cannot be probed from here on: ??Host: b?"
    yield ["file:///" + "x" * 9000], 2, "cannot be probed"
    yield ["x" * 100000], 2, "cannot be probed"


def main(directory, *probe):
    failures = 0
    count = 0
    for arguments, status, says in cases(directory):
        count += 1
        start = time.monotonic()
        run = subprocess.run([*probe, *arguments], capture_output=True, timeout=20, check=False)
        seconds = time.monotonic() - start
        line = run.stderr.decode(errors="replace")
        wrong = run.returncode != status or run.stdout or seconds > 2.5
        if status == 0:
            wrong = wrong or line
        else:
            wrong = wrong or says not in line or not line.startswith("pare-probe: ") or line.count("\n") != 1 or line[-1] != "\n"
        if wrong:
            failures += 1
            print(f"{arguments}: status {run.returncode} in {seconds:.1f} s: {line!r}", f"expected {status}: {says!r}", sep="\n  ")
    port = requests[0].split(b"127.0.0.1:")[1].split(b"\r")[0].decode()
    expected = (f"GET /healthz?full=1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: pare-probe\r\nAccept: */*\r\n"
                "Connection: close\r\n\r\n")
    if requests[0].decode() != expected or not requests[1].startswith(b"GET / HTTP/1.1\r\n"):
        failures += 1
        print("not the request that was expected:", requests[:2])
    print(f"{count} cases, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
