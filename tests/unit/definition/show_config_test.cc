// SPDX-License-Identifier: Apache-2.0
#include "folder.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::definition;

TEST_CASE("a chain is shown as one definition") {
    const Folder folder;
    folder.write("base.yaml", R"(
contents:
  repositories: [debian:12]
  packages: [a, "!b", {package: c>=1, include: [usr/bin/c], strip: 2, to: /c}]
cmd: --old
accounts: {run-as: app, users: [{username: app, uid: 7}], groups: [{groupname: app, gid: 7, members: [app]}]}
environment: {A: a, B: b}
layering: {budget: 1}
)");
    folder.write("server.yaml", R"(
from: ./base.yaml
contents:
  packages: [b]
  keyring: [keys/acme.asc]
  files: [{from: /etc/hosts, to: /hosts}, {content: "a\n", to: /b, mode: 0600}]
entrypoint: {command: [/server, "a b"]}
environment: {B: "\x7f\u0085\u2028\t\"é"}
paths: [{path: /d, type: directory, permissions: 0o1777, uid: 7}, {path: /l, type: symlink, source: d}]
healthcheck: {command: /check, interval: 30s, retries: 2}
work-dir: /srv
stop-signal: SIGINT
volumes: [/srv]
ports: [8080]
archs: [amd64]
annotations: {a.b: c}
os-release: {NAME: x}
zoneinfo: slim
layering: {budget: 2}
)");
    folder.write(
        "probe.yaml",
        "from: ./server.yaml\nhealthcheck: {probe: 'http://[::1]/', status: 204, timeout: 1s}\n");
    CHECK(
        show_config(folder.read("probe.yaml").front())
            .find("\nhealthcheck: {probe: \"http://[::1]/\", status: \"204\", timeout: "
                  "\"1s\", retries: 0}\n") != std::string::npos);
    const std::string shown = show_config(folder.read("server.yaml").front());
    CHECK(shown == R"(# server.yaml:latest for debian:12
contents:
  repositories:
    - "debian:12"
  keyring:
    - "keys/acme.asc"
  packages:
    - "a"
    - {package: "c>=1", include: ["usr/bin/c"], strip: 2, to: "/c"}
    - "b"
  files:
    - {from: "/etc/hosts", to: "/hosts", uid: 0, gid: 0}
    - {content: "a\n", to: "/b", mode: 0o600, uid: 0, gid: 0}
entrypoint: {command: ["/server", "a b"]}
work-dir: "/srv"
stop-signal: "SIGINT"
healthcheck: {test: ["CMD", "/check"], interval: "30s", retries: 2}
accounts:
  run-as: "app"
  users:
    - {username: "app", uid: 7, gid: 7, shell: "/sbin/nologin", homedir: "/home/app"}
  groups:
    - {groupname: "app", gid: 7, members: ["app"]}
environment:
  "A": "a"
  "B": "\x7f\x85\u2028\t\"é"
paths:
  - {path: "/d", type: directory, permissions: 0o1777, uid: 7}
  - {path: "/l", type: symlink, source: "d"}
os-release:
  "NAME": "x"
zoneinfo: slim
annotations:
  "a.b": "c"
volumes:
  - "/srv"
ports:
  - "8080"
archs:
  - "amd64"
layering: {budget: 3}
)");
}

TEST_CASE("what is shown reads as the same definition") {
    const Folder folder;
    for (const char* reference : {"static", "cc:debug-nonroot", "base:nonroot"}) {
        for (const char* distribution : {"debian:12", "debian:13"}) {
            const std::string shown = show_config(read_built_in(reference, distribution));
            folder.write("copy.yaml", shown);
            Chain copy = folder.read("copy.yaml").front();
            CHECK(copy.steps.size() == 1);
            CHECK(copy.distribution == distribution);
            copy.name = reference;
            copy.variant.clear();
            const std::string again = show_config(copy);
            CHECK(again.substr(again.find('\n')) == shown.substr(shown.find('\n')));
        }
    }
}

TEST_CASE("the name of a file ends no comment") {
    const Folder folder;
    folder.write("a\nb.yaml", "");
    CHECK(
        show_config(folder.read("a\nb.yaml").front()).find("# a\\nb.yaml:latest for debian:13\n") ==
        0);
}

TEST_CASE("a chain that says nothing is shown with where its packages come from") {
    const Folder folder;
    folder.write("x.yaml", "");
    CHECK(
        show_config(folder.read("x.yaml").front()) ==
        "# x.yaml:latest for debian:13\ncontents:\n  repositories:\n    - \"debian:13\"\n");
    folder.write("y.yaml", "from: oci:/srv/base\n");
    CHECK(
        show_config(folder.read("y.yaml").front()) ==
        "# y.yaml:latest for debian:13\nfrom: \"oci:/srv/base\"\n");
}
