// SPDX-License-Identifier: Apache-2.0
#include "folder.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::definition;

TEST_CASE("an apko file with every key reads unchanged") {
    const Folder folder;
    const Step step = folder.step(R"(
contents:
  build_repositories: [./packages]
  runtime_repositories: [https://apk.example/os]
  repositories:
    - https://apk.example/os
    - "@edge https://apk.example/edge"
  keyring: [https://apk.example/os/signing.rsa.pub]
  runtime_keyring:
    - name: extra.rsa.pub
      content: |
        -----BEGIN PUBLIC KEY-----
  packages: [busybox, "so:libssl.so.3", "cmd:curl", zlib>=1.3, "tool@edge", ca-certificates=1-r0]
entrypoint:
  type:
  command: /usr/bin/server --port 8080 --name 'a b'
  services: {}
cmd: --verbose
stop-signal: SIGQUIT
work-dir: /srv
accounts:
  run-as: 10000
  users:
    - username: app
      uid: 10000
      gid: 10001
      shell: /bin/ash
      homedir: /srv
  groups:
    - groupname: app
      gid: 10000
      members: [app]
archs: [x86_64, aarch64, 386, arm/v7]
environment:
  LANG: C.UTF-8
  WORKERS: 4
  EMPTY:
paths:
  - path: /srv/data
    type: directory
    uid: 10000
    gid: 10000
    permissions: 0o755
    recursive: true
  - {path: /srv/link, type: hardlink, source: /srv/data/file, permissions: 0644}
  - {path: srv/soft, type: symlink, source: data}
  - {path: /srv/empty, type: empty-file, permissions: 493}
vcs-url: https://git.example/app@abc123
annotations:
  org.opencontainers.image.title: app
volumes: [/srv/data]
layering: {strategy: origin, budget: 10}
format: tar
certificates:
  providers: [custom-ca-certificates]
  additional:
    - name: acme
      content: PEM
)");
    CHECK(
        step.repositories ==
        Names{"./packages", "https://apk.example/os", "@edge https://apk.example/edge"});
    CHECK(
        package_names(step) ==
        Names{"busybox", "so:libssl.so.3", "cmd:curl", "zlib", "tool", "ca-certificates"});
    CHECK(step.packages[4].suite == "edge");
    CHECK(step.packages[5].version == "1-r0");
    CHECK(step.entrypoint == Names{"/usr/bin/server", "--port", "8080", "--name", "a b"});
    CHECK(step.cmd == Names{"--verbose"});
    CHECK(step.stop_signal == "SIGQUIT");
    CHECK(step.work_dir == "/srv");
    CHECK(step.run_as == "10000");
    CHECK(step.users == std::vector<User>{{"app", 10000, 10001, "/srv", "/bin/ash"}});
    CHECK(step.groups == std::vector<Group>{{"app", 10000, {"app"}}});
    CHECK(
        step.environment ==
        std::map<std::string, std::string>{{"LANG", "C.UTF-8"}, {"WORKERS", "4"}, {"EMPTY", ""}});
    REQUIRE(step.paths.size() == 4);
    CHECK(step.paths[0].type == PathType::directory);
    CHECK(step.paths[0].mode == 0755);
    CHECK(step.paths[0].recursive);
    CHECK(step.paths[1].type == PathType::hard_link);
    CHECK(step.paths[1].mode == 0644);
    CHECK(step.paths[2].path == "/srv/soft");
    CHECK(step.paths[2].source == "data");
    CHECK_FALSE(step.paths[2].mode.has_value());
    CHECK(step.paths[3].mode == 0755);
    CHECK(
        step.annotations == std::map<std::string, std::string>{
                                {"org.opencontainers.image.revision", "abc123"},
                                {"org.opencontainers.image.source", "https://git.example/app"},
                                {"org.opencontainers.image.title", "app"}});
    CHECK(step.volumes == Names{"/srv/data"});
    CHECK(step.layer_budget == 10);
    REQUIRE(step.files.size() == 1);
    CHECK(step.files.front().to == "/usr/local/share/ca-certificates/acme.crt");
    CHECK(step.files.front().content == "PEM");
    CHECK(folder.read("x.yaml").front().archs == Names{"amd64", "arm64", "386", "arm/v7"});
}

TEST_CASE("the source may come without a revision") {
    const Folder folder;
    CHECK(
        folder.step("vcs-url: git@host.example:a/b\n").annotations ==
        std::map<std::string, std::string>{
            {"org.opencontainers.image.source", "git@host.example:a/b"}});
    CHECK(
        folder.step("vcs-url: git@host.example:a/b@c1\n").annotations ==
        std::map<std::string, std::string>{
            {"org.opencontainers.image.source", "git@host.example:a/b"},
            {"org.opencontainers.image.revision", "c1"}});
}

TEST_CASE("keys without a value say nothing") {
    const Folder folder;
    const Step nothing = folder.step("");
    CHECK(nothing.name == "x.yaml");
    CHECK(
        folder.step("contents:\n  packages:\n  repositories: []\naccounts:\narchs:\n") == nothing);
    CHECK(
        folder.step("cmd: ''\nwork-dir: ''\nentrypoint:\n  command: ''\n  shell-fragment:\n"
                    "accounts: {run-as: }\nfrom:\nvcs-url: ''\nformat: ''\n") == nothing);
}

TEST_CASE("what is included comes first, even if its name is no YAML file's") {
    const Folder folder;
    folder.write("base", "contents: {packages: [a]}\n");
    folder.write("x.yaml", "include: base\ncontents: {packages: [b]}\n");
    CHECK(step_names(folder.read("x.yaml").front()) == Names{"base", "x.yaml"});
}

TEST_CASE("an image below is apko's baseimage too") {
    const Folder folder;
    folder.write(
        "x.yaml", "contents:\n  baseimage: {image: ./base_image, apkindex: ./apkindexes}\n");
    CHECK(folder.read("x.yaml").front().base_image == "oci:" + folder.path("base_image"));
}

TEST_CASE("what pare cannot honour of apko is said") {
    const Folder folder;
    CHECK(
        folder.error("entrypoint:\n  type: service-bundle\n") ==
        "x.yaml:2:9: services need s6, which pare does not put into images | run one program in "
        "an image, with entrypoint.command");
    CHECK(
        folder.error("entrypoint: {services: {nginx: /usr/sbin/nginx}}\n") ==
        "x.yaml:1:24: services need s6, which pare does not put into images | run one program in "
        "an image, with entrypoint.command");
    CHECK(folder.error("format: erofs\n") == "x.yaml:1:9: expected tar, got 'erofs'");
    CHECK(
        folder.error("layering: {strategy: size}\n") == "x.yaml:1:22: expected origin, got 'size'");
    CHECK(
        folder.error("certificates: {additional: [{name: ../a, content: b}]}\n") ==
        "x.yaml:1:36: expected a name of letters, digits, '-', '_' and '.', got '../a'");
}

TEST_CASE("a script wins over a command, wherever it stands") {
    const Folder folder;
    const Names script{"/bin/sh", "-c", "exec a"};
    CHECK(folder.step("entrypoint: {command: b, shell-fragment: exec a}\n").entrypoint == script);
    CHECK(folder.step("entrypoint: {shell-fragment: exec a, command: b}\n").entrypoint == script);
}

TEST_CASE("permissions are octal as people write them and decimal as programs do") {
    const Folder folder;
    const auto mode = [&](const std::string& text) {
        return folder.step("paths: [{path: /a, type: directory, permissions: " + text + "}]\n")
            .paths.front()
            .mode;
    };
    for (const char* octal : {"0o755", "0755", "755", "493", "\"0755\""}) {
        CHECK(mode(octal) == 0755);
    }
    CHECK(mode("1777") == 01777);
    CHECK(mode("711") == 0711);
    CHECK(mode("400") == 0400);
    CHECK(mode("0") == 0);
    // What a program writes for 0777, 0644, 0775 and 1777.
    CHECK(mode("511") == 0777);
    CHECK(mode("420") == 0644);
    CHECK(mode("509") == 0775);
    CHECK(mode("1023") == 01777);
    for (const char* bad :
         {"0o10000", "07777777777777777777777", "-1", "0x1ff", "rwx", "0o", "4096"}) {
        CHECK(
            folder.error(
                "paths: [{path: /a, type: directory, permissions: " + std::string(bad) + "}]\n") ==
            "x.yaml:1:50: expected permissions like 0o755, got '" + std::string(bad) + "'");
    }
}

TEST_CASE("fields of os-release may have apko's old names") {
    const Folder folder;
    CHECK(
        folder.step("os-release: {pretty-name: Acme, VERSION_ID: '1'}\n").os_release ==
        std::map<std::string, std::string>{{"PRETTY_NAME", "Acme"}, {"VERSION_ID", "1"}});
}
