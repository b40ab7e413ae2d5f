"""Imports every module of the standard library, and connects to a TLS server of its own."""
import importlib
import os
import pkgutil
import socket
import ssl
import subprocess
import sys
import threading
import zoneinfo
from datetime import datetime

# Modules that are for other systems, for Python's tests, act on import, or are packages of their
# own in Debian (tkinter, gdbm, ensurepip, idlelib, lib2to3).
LEFT_OUT = {"antigravity", "this", "idlelib", "tkinter", "turtle", "turtledemo", "ensurepip", "lib2to3",
            "test", "_tkinter", "_gdbm", "dbm.gnu", "msilib", "winreg", "msvcrt", "_winapi", "_msi", "nt", "_scproxy",
            "winsound", "_ios_support", "_android_support", "_overlapped", "_wmi", "__main__"}


def left_out(name):
    return any(name == each or name.startswith(each + ".") for each in LEFT_OUT) or name.endswith("__main__") \
        or "windows" in name or name.startswith("encodings.") and name.split(".")[1] in ("mbcs", "oem", "cp65001") \
        or "pyrepl" in name or name.startswith(("_test", "_xxtest", "_ctypes_test", "xx"))


def every_module():
    for name in sorted(sys.stdlib_module_names):
        if left_out(name):
            continue
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if left_out(error.name) or (error.name == name and name.startswith("_")):
                continue  # of another system or another build
            raise
        yield name
        for below in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
            if not left_out(below.name) and imports(below.name):
                yield below.name


def imports(name):
    """Whether it does; what it needs may be of another system."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not left_out(error.name):
            raise
        return False
    return True


def tls():
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain("/server.pem", "/server.key")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with server.wrap_socket(listener.accept()[0], server_side=True) as connection:
            connection.sendall(b"hello")

    threading.Thread(target=serve, daemon=True).start()
    client = ssl.create_default_context()
    with socket.create_connection(listener.getsockname()) as plain:
        with client.wrap_socket(plain, server_hostname="localhost") as connection:
            assert connection.recv(5) == b"hello"


import sysconfig  # noqa: E402

count = len(list(every_module()))
assert count > 500, count
tls()
assert datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset().seconds == 7200
assert sys.getfilesystemencoding() == "utf-8" and sys.stdout.encoding == "utf-8"
assert os.getuid() == 65532
import ctypes.util  # noqa: E402

assert ctypes.util.find_library("c") == "libc.so.6", ctypes.util.find_library("c")
try:
    subprocess.run("true", shell=True, check=True)
    raise SystemExit("there is a shell")
except FileNotFoundError:
    pass
print(count, "modules; all is well:", "h\xe9llo")
