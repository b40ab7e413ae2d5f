// SPDX-License-Identifier: Apache-2.0
#include "audit/base.hh"

#include <doctest/doctest.h>

using namespace pare::audit;

TEST_CASE("distroless images tell by their names what they hold") {
    const Base base = describe_base("gcr.io/distroless/python3-debian12:debug-nonroot@sha256:00");
    CHECK(base.origin == Origin::distroless);
    CHECK(base.repository == "gcr.io/distroless/python3-debian12");
    CHECK(base.tag == "debug-nonroot");
    CHECK(base.digest == "sha256:00");
    CHECK(base.debug);
    CHECK(base.user == "65532");
    CHECK(base.libc == Libc::glibc);
    CHECK(base.debian == 12);
    CHECK(base.program == "python");
    CHECK(base.version == Version{3, 11});
    const Base java = describe_base("gcr.io/distroless/java21");
    CHECK(java.debian == 13);
    CHECK(java.version.major == 21);
    CHECK(java.user == "0");
    CHECK(describe_base("gcr.io/distroless/java-base-debian13").program.empty());
    CHECK(describe_base("gcr.io/distroless/static").libc == Libc::none);
}

TEST_CASE("images that pare builds, and copies of others, are known by their names too") {
    CHECK(describe_base("registry.example:5000/pare/cc:nonroot").origin == Origin::distroless);
    CHECK(describe_base("mirror.example/distroless/static:latest").origin == Origin::distroless);
    CHECK(describe_base("mirror.example/x/nodejs24-debian13").language == "node");
    CHECK(describe_base("registry.example/team/base:1").origin == Origin::other);
    CHECK(describe_base("registry.example/pare/cc-libpq:13").origin == Origin::other);
}

TEST_CASE("chainguard's images for run time have no shell, its others have") {
    const Base node = describe_base("cgr.dev/chainguard/node:22");
    CHECK(node.origin == Origin::chainguard);
    CHECK(node.version.major == 22);
    CHECK(node.user == "65532");
    CHECK(describe_base("cgr.dev/chainguard/node:latest-dev").origin == Origin::other);
    CHECK(describe_base("cgr.dev/chainguard/node:latest-dev").debug);
    CHECK(describe_base("cgr.dev/chainguard/go").origin == Origin::other);
}

TEST_CASE("tags of official images tell release, C library and version") {
    const Base python = describe_base("docker.io/library/python:3.12.1-slim-bookworm");
    CHECK(python.repository == "python");
    CHECK(python.debian == 12);
    CHECK(python.libc == Libc::glibc);
    CHECK(python.version == Version{3, 12});
    CHECK(python.user == "0");
    CHECK(describe_base("golang:1.24-alpine3.22").libc == Libc::musl);
    CHECK(describe_base("golang:1.24-alpine3.22").debian == 0);
    CHECK(describe_base("rust:1").debian == 13);
    CHECK(describe_base("rust:1.91-slim").debian == 13);
    CHECK(describe_base("rust:1.70").debian == 0);
    CHECK(describe_base("debian:bullseye-slim").debian == 11);
    CHECK(describe_base("debian:12").debian == 12);
    CHECK(describe_base("alpine").libc == Libc::musl);
    CHECK(describe_base("maven:3.9-eclipse-temurin-21").version.major == 21);
    CHECK(describe_base("gradle:8-jdk17").version.major == 17);
    CHECK(describe_base("eclipse-temurin:25-jre").version.major == 25);
}

TEST_CASE("of other images nothing is known") {
    const Base base = describe_base("registry.example:5000/team/app");
    CHECK(base.origin == Origin::other);
    CHECK(base.repository == "registry.example:5000/team/app");
    CHECK(base.tag.empty());
    CHECK(base.user.empty());
    CHECK(base.libc == Libc::unknown);
    CHECK(describe_base("").name.empty());
}
