#!/usr/bin/env python3
"""A small registry on loopback, in memory, that speaks the distribution specification 1.1 with its
referrers API, holds its clients to the rules, and misbehaves when asked to.

  registry.py --port-file FILE [--log FILE] [--seconds N] [OPTION...] [--fault 'METHOD GLOB key=value...']...

  --basic USER:PASSWORD   ask for basic authentication
  --token USER:PASSWORD   ask for bearer tokens, given at /token to who says that; the log of a request
                          for a token is its query
  --identity TOKEN        give tokens for this refresh token as well (POST /token)
  --realm URL             name this realm in place of our own
  --no-referrers          no referrers API, and no word about subjects
  --no-mount              no mounting
  --no-catalog            no list of repositories
  --delete-tags           tags can be deleted
  --page N                lists come in pages of N
  --forget-cut            an upload whose connection was cut is lost
  --chunk-min N           OCI-Chunk-Min-Length
  --redirect-blobs        blobs are read from another origin, which wants no Authorization
  --tls CERT KEY          speak TLS
  --fault ...             for requests whose method and path match; the first match counts:
      status=N [retry-after=S]   answer with this
      cut=N        close after N bytes of the answer's body
      cut-upload=N close after N bytes of the request's body, which are kept
      flip         invert the first byte of the answer's body
      digest=X     say Docker-Content-Digest: X
      drop         close without an answer; after doing what was asked for with done
      times=N skip=N             how often, and after how many

The log has a line a request: METHOD PATH STATUS BYTES AUTHORIZATION (none, basic, bearer, other). Requests
that no client of a registry may make (a manifest before its blobs, chunks out of order) get 4xx.
The program ends by itself: after --seconds (600), or when its parent ends.
"""
import argparse
import base64
import fnmatch
import hashlib
import json
import os
import re
import secrets
import ssl
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

INDEX = "application/vnd.oci.image.index.v1+json"
NAME = r"(?P<name>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"


class Cut(Exception):
    """The connection is to be closed."""


class Repository:
    def __init__(self):
        self.blobs, self.manifests, self.tags, self.sessions = {}, {}, {}, {}


class Registry:
    def __init__(self, options):
        self.options = options
        self.lock = threading.RLock()
        self.repositories = {}
        self.tokens = {}
        self.faults = [parse_fault(text) for text in options.fault]
        self.log_file = open(options.log, "a", buffering=1) if options.log else None
        self.storage = None

    def repository(self, name):
        return self.repositories.setdefault(name, Repository())

    def fault(self, method, path, length):
        """What spoils this request. A cut behind the end of a body is none."""
        with self.lock:
            for fault in self.faults:
                if int(fault.get("cut-upload", -1)) >= length:
                    continue
                if fnmatch.fnmatchcase(method, fault["method"]) and fnmatch.fnmatchcase(path, fault["glob"]):
                    fault["seen"] += 1
                    turn = fault["seen"] - int(fault.get("skip", 0))
                    if turn > 0 and turn <= int(fault.get("times", 1 << 30)):
                        return fault
        return {}

    def log(self, line):
        if self.log_file:
            self.log_file.write(line + "\n")


def parse_fault(text):
    method, glob, *rest = text.split()
    fault = {"method": method, "glob": glob, "seen": 0}
    for word in rest:
        key, _, value = word.partition("=")
        fault[key] = value or "1"
    return fault


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry = None
    is_storage = False
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    # One request ------------------------------------------------------------------------------
    def handle_any(self):
        self.received, self.answered = 0, 0
        parts = urllib.parse.urlsplit(self.path)
        self.query = {key: value for key, value in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)}
        self.plain_path = urllib.parse.unquote(parts.path)
        self.unread = int(self.headers.get("Content-Length") or 0)
        self.spoiled = {}
        if not self.is_storage:
            self.spoiled = self.registry.fault(self.command, self.plain_path, self.unread)
        kind = (self.headers.get("Authorization") or "none").split()[0].lower()
        kind = kind if kind in ("none", "basic", "bearer") else "other"
        try:
            self.serve()
            if self.unread:
                self.read_body()
        except Cut:
            self.close_connection = True
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        path = self.path if self.plain_path == "/token" else self.plain_path
        place = "storage-" + kind if self.is_storage else kind
        self.registry.log(f"{self.command} {path} {self.answered} {self.received} {place}")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def serve(self):
        fault = self.spoiled
        if "status" in fault:
            headers = {"Retry-After": fault["retry-after"]} if "retry-after" in fault else {}
            self.read_body()
            return self.error(int(fault["status"]), "TESTING", "made to fail", headers)
        if "drop" in fault and "done" not in fault:
            raise Cut
        if self.plain_path == "/token":
            return self.serve_token()
        if not self.plain_path.startswith("/v2/"):
            return self.error(404, "NOT_FOUND", "nothing here")
        if not self.is_storage and not self.is_allowed():
            return None
        return self.route(self.plain_path[len("/v2/"):])

    def route(self, path):
        if path == "":
            return self.answer(200, b"{}")
        if path == "_catalog" and not self.registry.options.no_catalog:
            names = sorted(name for name, repository in self.registry.repositories.items() if repository.manifests)
            return self.answer_page("repositories", names)
        routes = [
            (NAME + r"/blobs/uploads/(?P<session>[0-9a-f]*)", self.serve_upload),
            (NAME + r"/blobs/(?P<digest>[a-z0-9]+:[0-9a-f]+)", self.serve_blob),
            (NAME + r"/manifests/(?P<reference>[A-Za-z0-9_:.-]+)", self.serve_manifest),
            (NAME + r"/tags/list", self.serve_tags),
            (NAME + r"/referrers/(?P<digest>[a-z0-9]+:[0-9a-f]+)", self.serve_referrers),
        ]
        for pattern, serve in routes:
            match = re.fullmatch(pattern, path)
            if match:
                values = match.groupdict()
                self.name = values.pop("name")
                return serve(self.registry.repository(self.name), **values)
        return self.error(404, "NAME_UNKNOWN", "no such place")

    # Who is asking ----------------------------------------------------------------------------
    def own_url(self):
        scheme = "https" if self.registry.options.tls else "http"
        return f"{scheme}://{self.headers.get('Host')}"

    def is_allowed(self):
        options = self.registry.options
        given = self.headers.get("Authorization") or ""
        if options.basic:
            if given == "Basic " + base64.b64encode(options.basic.encode()).decode():
                return True
            self.read_body()
            self.error(401, "UNAUTHORIZED", "who are you?", {"WWW-Authenticate": 'Basic realm="test"'})
            return False
        if options.token or options.identity:
            scopes = self.registry.tokens.get(given.removeprefix("Bearer "))
            wanted = self.wanted_scope()
            if scopes is not None and (wanted is None or wanted_is_in(wanted, scopes)):
                return True
            self.read_body()
            challenge = f'Bearer realm="{options.realm or self.own_url() + "/token"}",service="test"'
            if wanted:
                challenge += f',scope="repository:{wanted[0]}:{wanted[1]}"'
            if scopes is not None:
                challenge += ',error="insufficient_scope"'
            self.error(401, "UNAUTHORIZED", "who are you?", {"WWW-Authenticate": challenge})
            return False
        return True

    def wanted_scope(self):
        match = re.match("/v2/" + NAME + "/(blobs|manifests|tags|referrers)/", self.plain_path)
        if not match:
            return None
        action = {"GET": "pull", "HEAD": "pull", "DELETE": "delete"}.get(self.command, "push")
        if action == "delete" and "/uploads/" in self.plain_path:
            action = "push"
        return match["name"], action

    def serve_token(self):
        options = self.registry.options
        fields, allowed = dict(), False
        if self.command == "POST":
            fields = dict(urllib.parse.parse_qsl(self.read_body().decode()))
            allowed = bool(options.identity) and fields.get("refresh_token") == options.identity
            scopes = fields.get("scope", "").split()
        else:
            given = self.headers.get("Authorization") or ""
            allowed = bool(options.token) and given == "Basic " + base64.b64encode(options.token.encode()).decode()
            scopes = [v for k, v in urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query) if k == "scope"]
        if not allowed:
            return self.error(401, "UNAUTHORIZED", "wrong user or password")
        token = secrets.token_urlsafe(30)
        self.registry.tokens[token] = [scope.split(":") for scope in scopes]
        return self.answer(200, json.dumps({"token": token, "expires_in": 300}).encode())

    # Blobs ------------------------------------------------------------------------------------
    def serve_blob(self, repository, digest):
        if digest not in repository.blobs:
            return self.error(404, "BLOB_UNKNOWN", "no such blob")
        data = repository.blobs[digest]
        if self.command == "GET" and self.registry.storage and not self.is_storage:
            return self.answer(307, b"", {"Location": self.registry.storage + self.plain_path})
        if self.is_storage and self.headers.get("Authorization"):
            return self.error(400, "TESTING", "only one way to sign in is allowed")
        headers = {"Docker-Content-Digest": digest, "Content-Type": "application/octet-stream"}
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted and int(wanted[1]) < len(data):
            first = int(wanted[1])
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
            return self.answer(206, data[first:], headers)
        return self.answer(200, data, headers)

    def serve_upload(self, repository, session):
        options = self.registry.options
        if self.command == "POST" and not session:
            self.read_body()
            source = self.registry.repositories.get(self.query.get("from", ""))
            wanted = self.query.get("mount")
            if source and wanted in source.blobs and not options.no_mount:
                repository.blobs[wanted] = source.blobs[wanted]
                return self.answer(201, b"", {"Location": f"/v2/{self.name}/blobs/{wanted}"})
            session = secrets.token_hex(8)
            repository.sessions[session] = bytearray()
            return self.answer(202, b"", self.session_headers(repository, session))
        if session not in repository.sessions:
            self.read_body()
            return self.error(404, "BLOB_UPLOAD_UNKNOWN", "no such upload")
        data = repository.sessions[session]
        if self.query.get("state") != str(len(data)) and self.command in ("PATCH", "PUT"):
            self.read_body()
            return self.error(416, "RANGE_INVALID", "that is not where this upload stands")
        return getattr(self, "upload_" + self.command.lower())(repository, session, data)

    def session_headers(self, repository, session):
        size = len(repository.sessions[session])
        headers = {"Location": f"/v2/{self.name}/blobs/uploads/{session}?state={size}",
                   "Range": f"0-{max(size - 1, 0)}"}
        if self.registry.options.chunk_min:
            headers["OCI-Chunk-Min-Length"] = str(self.registry.options.chunk_min)
        return headers

    def upload_get(self, repository, session, _):
        return self.answer(204, b"", self.session_headers(repository, session))

    def upload_delete(self, repository, session, _):
        del repository.sessions[session]
        return self.answer(204, b"")

    def take(self, repository, session, data):
        try:
            self.read_body(data.extend)
        except Cut:
            if self.registry.options.forget_cut:
                repository.sessions.pop(session, None)
            raise

    def upload_patch(self, repository, session, data):
        told = re.fullmatch(r"(\d+)-(\d+)", self.headers.get("Content-Range") or "")
        if not told or int(told[1]) != len(data) or int(told[2]) - int(told[1]) + 1 != self.unread:
            self.read_body()
            return self.error(416, "RANGE_INVALID", "a chunk out of order")
        self.take(repository, session, data)
        return self.answer(202, b"", self.session_headers(repository, session))

    def upload_put(self, repository, session, data):
        self.take(repository, session, data)
        digest = self.query.get("digest", "")
        if digest_of(data) != digest:
            return self.error(400, "DIGEST_INVALID", "the bytes have another digest")
        del repository.sessions[session]
        repository.blobs[digest] = bytes(data)
        return self.answer(201, b"", {"Location": f"/v2/{self.name}/blobs/{digest}"})

    # Manifests --------------------------------------------------------------------------------
    def serve_manifest(self, repository, reference):
        if self.command == "PUT":
            return self.put_manifest(repository, reference)
        digest = repository.tags.get(reference, reference)
        if digest not in repository.manifests:
            return self.error(404, "MANIFEST_UNKNOWN", "no such manifest")
        if self.command == "DELETE":
            return self.delete_manifest(repository, reference)
        media_type, data = repository.manifests[digest]
        told = self.spoiled.get("digest", digest)
        headers = {"Docker-Content-Digest": told, "Content-Type": media_type, "ETag": f'"{digest}"'}
        return self.answer(200, data, headers)

    def put_manifest(self, repository, reference):
        data = bytes(self.read_body())
        manifest = json.loads(data)
        digest = digest_of(data)
        if ":" in reference and reference != digest:
            return self.error(400, "DIGEST_INVALID", "the bytes have another digest")
        media_type = self.headers.get("Content-Type")
        if manifest.get("mediaType", media_type) != media_type:
            return self.error(400, "MANIFEST_INVALID", "it says that it is something else")
        with self.registry.lock:
            missing = [entry["digest"] for entry in manifest.get("manifests", [])
                       if entry["digest"] not in repository.manifests]
            blobs = manifest.get("layers", []) + ([manifest["config"]] if "config" in manifest else [])
            missing += [blob["digest"] for blob in blobs
                        if blob["digest"] not in repository.blobs and "nondistributable" not in blob["mediaType"]]
            if missing:
                return self.error(400, "MANIFEST_BLOB_UNKNOWN", f"{missing[0]} is not here")
            if not self.conditions_hold(repository.tags.get(reference, reference), repository):
                return self.error(412, "TESTING", "it has changed")
            repository.manifests[digest] = (media_type, data)
            if ":" not in reference:
                repository.tags[reference] = digest
        headers = {"Docker-Content-Digest": digest, "Location": f"/v2/{self.name}/manifests/{digest}"}
        if "subject" in manifest and not self.registry.options.no_referrers:
            headers["OCI-Subject"] = manifest["subject"]["digest"]
        return self.answer(201, b"", headers)

    def conditions_hold(self, digest, repository):
        wanted = self.headers.get("If-Match")
        is_there = digest in repository.manifests
        if wanted:
            return is_there and wanted == f'"{digest}"'
        return not (is_there and self.headers.get("If-None-Match") == "*")

    def delete_manifest(self, repository, reference):
        if ":" not in reference:
            if not self.registry.options.delete_tags:
                return self.error(400, "UNSUPPORTED", "tags stay")
            del repository.tags[reference]
            return self.answer(202, b"")
        del repository.manifests[reference]
        repository.tags = {tag: digest for tag, digest in repository.tags.items() if digest != reference}
        return self.answer(202, b"")

    def serve_tags(self, repository):
        if not repository.tags:
            return self.error(404, "NAME_UNKNOWN", "no such repository")
        return self.answer_page("tags", sorted(repository.tags))

    def serve_referrers(self, repository, digest):
        if self.registry.options.no_referrers:
            return self.error(404, "UNSUPPORTED", "no such API")
        entries = []
        for own, (media_type, data) in sorted(repository.manifests.items()):
            manifest = json.loads(data)
            if manifest.get("subject", {}).get("digest") == digest:
                entries.append({"mediaType": media_type, "digest": own, "size": len(data),
                                "artifactType": manifest.get("artifactType") or manifest["config"]["mediaType"],
                                "annotations": manifest.get("annotations", {})})
        first = int(self.query.get("after", 0))
        last = first + (self.registry.options.page or len(entries))
        headers = {"Content-Type": INDEX}
        if last < len(entries):
            headers["Link"] = f'<{self.plain_path}?after={last}>; rel="next"'
        return self.answer(200, json.dumps({"schemaVersion": 2, "mediaType": INDEX,
                                            "manifests": entries[first:last]}).encode(), headers)

    # Bytes ------------------------------------------------------------------------------------
    def read_body(self, take=None):
        """The rest of the request's body; a fault may cut it."""
        limit = int(self.spoiled["cut-upload"]) if "cut-upload" in self.spoiled else None
        data = bytearray()
        take = take or data.extend
        while self.unread:
            wanted = min(self.unread, 1 << 16)
            if limit is not None:
                wanted = min(wanted, limit - self.received)
                if wanted == 0:
                    raise Cut
            piece = self.rfile.read(wanted)
            if not piece:
                raise Cut
            take(piece)
            self.received += len(piece)
            self.unread -= len(piece)
        return data

    def answer_page(self, key, values):
        size = self.registry.options.page or len(values)
        first = next((i for i, value in enumerate(values) if value > self.query.get("last", "")), len(values))
        page = values[first:first + size]
        headers = {}
        if first + size < len(values):
            headers["Link"] = f'<{self.plain_path}?n={size}&last={page[-1]}>; rel="next"'
        self.answer(200, json.dumps({key: page}).encode(), headers)

    def error(self, status, code, message, headers=None):
        body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
        self.answer(status, body, {"Content-Type": "application/json", **(headers or {})})

    def answer(self, status, body, headers=None):
        self.answered = status
        if "done" in self.spoiled:
            raise Cut
        if "flip" in self.spoiled and body:
            body = bytes([body[0] ^ 0xFF]) + body[1:]
        self.send_response(status)
        for key, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(key, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if "cut" in self.spoiled:
            self.wfile.write(body[:int(self.spoiled["cut"])])
            raise Cut
        self.wfile.write(body)


def wanted_is_in(wanted, scopes):
    return any(scope[1] == wanted[0] and wanted[1] in scope[2].split(",") for scope in scopes if len(scope) == 3)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


def listen(registry, storage, tls):
    handler = type("Bound", (Handler,), {"registry": registry, "is_storage": storage})
    server = Server(("127.0.0.1", 0), handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main():
    parser = argparse.ArgumentParser()
    for name in ("port-file", "log", "basic", "token", "identity", "realm"):
        parser.add_argument("--" + name)
    for name in ("no-referrers", "no-mount", "no-catalog", "delete-tags", "forget-cut", "redirect-blobs"):
        parser.add_argument("--" + name, action="store_true")
    for name, default in (("page", 0), ("chunk-min", 0), ("seconds", 600)):
        parser.add_argument("--" + name, type=int, default=default)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--fault", action="append", default=[])
    options = parser.parse_args()
    parent = os.getppid()
    registry = Registry(options)
    if options.redirect_blobs:
        registry.storage = f"http://127.0.0.1:{listen(registry, True, None)}"
    port = listen(registry, False, options.tls)
    temporary = Path(options.port_file + ".new")
    temporary.write_text(f"{port}\n")
    temporary.rename(options.port_file)
    end = time.monotonic() + options.seconds
    while time.monotonic() < end and os.getppid() == parent:
        time.sleep(0.2)


if __name__ == "__main__":
    main()
