#!/usr/bin/env python3
"""A line to a server that breaks: cutting_proxy.py HOST:PORT PORT-FILE BYTES TIMES. The first TIMES
connections that carry over BYTES to the server are cut there; the log says so. Ends with its
parent."""
import os
import socket
import sys
import threading
from pathlib import Path

host, port = sys.argv[1].split(":")
limit, left = int(sys.argv[3]), int(sys.argv[4])
lock = threading.Lock()


def close(*sockets):
    for one in sockets:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def may_cut():
    global left
    with lock:
        left -= 1
        return left >= 0


def carry(source, target, counted):
    done = 0
    try:
        while data := source.recv(16384):
            if counted and done <= limit < done + len(data) and may_cut():
                target.sendall(data[:limit - done])
                print("cut", flush=True)
                break
            done += len(data)
            target.sendall(data)
    except OSError:
        pass
    close(source, target)


def main():
    parent = os.getppid()
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    listener.settimeout(0.2)
    Path(sys.argv[2] + ".new").write_text(f"{listener.getsockname()[1]}\n")
    Path(sys.argv[2] + ".new").rename(sys.argv[2])
    while os.getppid() == parent:
        try:
            client, _ = listener.accept()
        except TimeoutError:
            continue
        client.settimeout(None)
        server = socket.create_connection((host, int(port)))
        for arguments in ((client, server, True), (server, client, False)):
            threading.Thread(target=carry, args=arguments, daemon=True).start()


main()
