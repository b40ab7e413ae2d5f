// SPDX-License-Identifier: Apache-2.0
// All rules, by id. Each has a page of the same words in docs/rules/, with an example of what it
// finds and of what it lets pass.
#include "audit/rules.hh"

#include <algorithm>
#include <array>

namespace pare::audit {

namespace {

constexpr std::array kRules = {
    Rule{
        "accounts-overwritten", Severity::warning,
        "The accounts of the base image are replaced by those of another one.",
        "The base loses nonroot and nobody, and files that belong to them belong to nobody.",
        "Use a number with USER, or an image that has the account."},
    Rule{
        "add-instead-of-copy", Severity::note, "ADD where COPY does the same.",
        "ADD also fetches and unpacks; a reader has to find out that it does neither here.",
        "Write COPY."},
    Rule{
        "base-without-digest", Severity::note, "An image that is not pinned by digest.",
        "A tag moves. The same Dockerfile gives another image tomorrow, and whoever holds the tag decides which.",
        "Append @sha256:... and renew it together with your other dependencies."},
    Rule{
        "base-without-tag", Severity::warning, "An image without a tag, or with the tag latest.",
        "The next build may begin with another release of the distribution or of the language.",
        "Name a release, and pin it by digest."},
    Rule{
        "blank-continuation-line", Severity::note, "A blank line inside of an instruction.",
        "It is easily taken for the end of the instruction, and builders warn that it may be refused.",
        "Take the line away."},
    Rule{
        "certificates-missing", Severity::note, "An image from scratch without CA certificates.",
        "A program that calls others by HTTPS cannot verify them.",
        "Copy /etc/ssl/certs/ca-certificates.crt, or begin with static, which has it."},
    Rule{
        "command-not-copied", Severity::error, "The program to start is not copied into the image.",
        "All that is in these images is what the base has and what COPY and ADD bring; none of them brings this path.",
        "Correct the path in ENTRYPOINT or CMD, or the destination of COPY."},
    Rule{
        "command-of-base-repeated", Severity::warning,
        "CMD repeats the program that the base image starts already.",
        "The ENTRYPOINT of the base stays: CMD [\"python\", \"app.py\"] runs \"python3 python app.py\".",
        "Leave only the arguments in CMD."},
    Rule{
        "debug-base", Severity::warning, "The last stage begins with a debug or development image.",
        "It brings a shell and tools that an intruder can use.",
        "Take the image without debug or -dev; attach a debug container when you need one."},
    Rule{
        "directive-ignored", Severity::warning, "A parser directive that is read as a comment.",
        "Directives count only in the first lines, before comments, blank lines and instructions.",
        "Move it to the top of the file."},
    Rule{
        "distribution-mismatch", Severity::warning,
        "A program that was built on another release of the distribution than the image has.",
        "Built on a newer release it wants a newer C library (GLIBC_2.38 not found); built on an older one it may want libraries that are gone.",
        "Build in a stage of the same release."},
    Rule{
        "dynamic-program-in-static-base", Severity::warning,
        "A program that is probably dynamic is copied into an image without a C library.",
        "Go links against the C library where cgo is on, Rust and C compilers always do. The loader is missing then, and starting ends with \"no such file or directory\".",
        "Build it statically (CGO_ENABLED=0, a musl target, -static), or begin with base or cc."},
    Rule{
        "exec-form-not-json", Severity::error,
        "An exec form that is not JSON, and so is taken for a shell command or for file names.",
        "The exec form is a JSON array: double quotes, no comma at its end, and nothing behind the bracket. Everything else is silently taken as plain text.",
        "Use double quotes and close the array at the end of the line; a health check needs no \"|| exit 1\"."},
    Rule{
        "fixed-architecture", Severity::note, "An architecture is written into the Dockerfile.",
        "The image for another platform gets programs of this one, or the build fails there.",
        "Use TARGETARCH and TARGETOS."},
    Rule{
        "floating-base-release", Severity::note,
        "A distroless image whose name says no Debian release.",
        "Such a name moves to the next release one day: another C library, other versions of languages, other directories.",
        "Append -debian13 to the name."},
    Rule{
        "from-argument-without-default", Severity::warning, "FROM uses an ARG that has no default.",
        "Without --build-arg the name of the image is empty or incomplete, and the build fails.",
        "Give it a default."},
    Rule{
        "health-check-without-tool", Severity::error,
        "The health check calls a program that the image does not have.",
        "Images without a shell have no curl and no wget either, so the container is never healthy.",
        "Let the program check itself, or copy a static probe; pare puts one of 4 KB into its images."},
    Rule{
        "interpreter-not-in-base", Severity::warning,
        "A program of a build image is used that is elsewhere in this image.",
        "The python and node images have their interpreter in /usr/local/bin; virtual environments and their scripts point there. Distroless images have it in /usr/bin/python3 or /nodejs/bin/node.",
        "Copy the packages alone (pip install --target) and let the interpreter of the base run them."},
    Rule{
        "java-options-ignored", Severity::warning, "JAVA_OPTS is set, and nothing reads it.",
        "Only start scripts expand JAVA_OPTS; java itself reads JDK_JAVA_OPTIONS.",
        "Set JDK_JAVA_OPTIONS."},
    Rule{
        "keyword-casing", Severity::note, "FROM and AS are written in different case.",
        "It is harder to see where a stage gets its name.", "Write both in capitals."},
    Rule{
        "language-version-mismatch", Severity::warning,
        "A stage builds with another version of the language than the image runs.",
        "Compiled modules, the directories of Python and the class files of Java belong to one version.",
        "Use the same version in both stages."},
    Rule{
        "legacy-pair-form", Severity::note, "ENV or LABEL in the form without an equals sign.",
        "It takes one pair a line and keeps quotes and blanks in ways that surprise; it may be removed from the language.",
        "Write NAME=value."},
    Rule{
        "libc-mismatch", Severity::warning,
        "A program that was built against another C library than the image has.",
        "Alpine has musl, Debian and distroless have glibc; neither loads programs of the other.",
        "Build in a stage of the same family, or statically."},
    Rule{
        "maintainer-deprecated", Severity::note, "MAINTAINER is deprecated.", "Tools read labels.",
        "Write LABEL org.opencontainers.image.authors=\"...\"."},
    Rule{
        "no-command", Severity::warning, "An image that starts nothing.",
        "Neither the Dockerfile nor its base image has an ENTRYPOINT or a CMD; docker run ends with \"no command specified\".",
        "Say what to start: ENTRYPOINT [\"/server\"]."},
    Rule{
        "outdated-base", Severity::warning, "A base image that gets no updates any more.",
        "Holes that are found from now on stay open in it.",
        "Move to the image of the current release."},
    Rule{
        "package-lists-left", Severity::warning,
        "The last stage keeps what the package manager has downloaded.",
        "The lists and the cache are of no use in the image, and make it larger and different with every build.",
        "Remove them in the same RUN, or mount a cache there."},
    Rule{
        "package-manager-in-distroless", Severity::error,
        "A package manager is called in a stage whose image has none.",
        "Images without a distribution's tools have no apt-get, apk or dnf, and nothing that could install them.",
        "Choose an image that has what you need, or build one that holds the package: pare build."},
    Rule{
        "packages-unpacked-by-hand", Severity::note,
        "Packages are unpacked or single libraries are copied by hand.",
        "Scanners do not see them, their dependencies are guessed, and updates are missed.",
        "Build the base image from packages: pare build."},
    Rule{
        "prefer-exec-form", Severity::note, "CMD or ENTRYPOINT in shell form.",
        "A shell stands between the container and the program: it does not hand on SIGTERM, and arguments of docker run are lost.",
        "Write it in exec form."},
    Rule{
        "privileged-port", Severity::warning, "A port below 1024 for a user that is not root.",
        "Only root may listen below 1024 where the kernel is set so, as it is under Kubernetes and podman.",
        "Listen on a port from 1024 on, and map it outside."},
    Rule{
        "relative-workdir", Severity::warning,
        "WORKDIR with a relative path that depends on the base image.",
        "The directory moves when the base image changes its own.", "Begin the path with a slash."},
    Rule{
        "remote-add-without-checksum", Severity::warning,
        "ADD fetches a file and nobody checks which.",
        "Whoever can change the file at the other end changes the image.",
        "Add --checksum=sha256:..., or name the commit of a git repository."},
    Rule{
        "repeated-instruction", Severity::warning,
        "An instruction of which only the last one counts stands twice in a stage.",
        "CMD, ENTRYPOINT and HEALTHCHECK replace what was before; the first one does nothing.",
        "Take one of them away."},
    Rule{
        "repository-copied", Severity::warning,
        "The data of version control are copied into the last stage.",
        "They hold the whole history, with everything that was ever taken out of it, and change with every commit.",
        "Copy the files that the program needs, and put .git into .dockerignore."},
    Rule{
        "run-without-shell", Severity::error, "RUN in a stage whose image has no shell to run it.",
        "RUN in shell form and here-documents need /bin/sh, which these images do not have, so the build stops there.",
        "Do the work in an earlier stage and copy the result."},
    Rule{
        "runs-as-root", Severity::warning, "The container runs as root.",
        "A process that breaks out of its program is root in the container, and many clusters refuse to start it.",
        "Set USER 65532, or begin with a base image whose user is not root (:nonroot)."},
    Rule{
        "script-as-entrypoint", Severity::error,
        "ENTRYPOINT is a script or an archive that cannot be executed by itself.",
        "It replaces the interpreter that the base image would start.",
        "Put the file into CMD and leave the ENTRYPOINT of the base."},
    Rule{
        "secret-file-copied", Severity::warning,
        "A file that usually holds secrets is copied into the image.",
        "Everyone who can pull the image reads it, even if a later layer deletes it.",
        "Mount it at run time, or give it to RUN with --mount=type=secret."},
    Rule{
        "secret-in-environment", Severity::warning, "A secret in ENV or ARG.",
        "Values of ENV are in the configuration of the image and those of ARG in its history; everyone who can pull it reads them.",
        "Give secrets at run time, and to RUN with --mount=type=secret."},
    Rule{
        "shell-copied-in", Severity::warning, "A shell is copied into an image that has none.",
        "An image without a shell is chosen so that an intruder finds none.",
        "Leave it out; attach a debug container when you need one."},
    Rule{
        "shell-form-without-shell", Severity::error,
        "A command in shell form, in an image without a shell.",
        "The shell form runs /bin/sh -c. An image without /bin/sh cannot start it, and a health check in it always fails.",
        "Write the command in exec form: [\"/server\", \"--port\", \"8080\"]."},
    Rule{
        "shell-operator-in-exec-form", Severity::warning, "A shell operator in an exec form.",
        "Nothing reads &&, |, > or ; in an exec form; the program gets them as arguments.",
        "Call a shell by name if the image has one, or let the program do it."},
    Rule{
        "stage-name-taken", Severity::warning,
        "The name of a stage is reserved, or another stage has it.",
        "scratch and context mean something else, and of two stages with one name only the later one is found.",
        "Give it a name of its own."},
    Rule{
        "time-zones-missing", Severity::warning, "TZ is set in an image without time zones.",
        "Without /usr/share/zoneinfo the program stays in UTC and does not say so.",
        "Copy /usr/share/zoneinfo, or begin with static, which has it."},
    Rule{
        "undefined-variable", Severity::warning, "A variable that is not set where it is used.",
        "It becomes nothing: a port is silently not exposed, a path is another one. ARG before the first FROM is seen by FROM only.",
        "Declare it in this stage: ARG NAME."},
    Rule{
        "unknown-stage", Severity::error, "COPY --from names a stage that is not there.",
        "A name that is no stage is fetched as an image, and a number or a variable is refused.",
        "Write the name of a stage as it stands behind AS."},
    Rule{
        "unused-stage", Severity::warning, "A stage that the last one does not need.",
        "It is never built, so what it was meant to do, like running tests, does not happen.",
        "Take it away, copy from it, or name it with --target."},
    Rule{
        "user-by-name", Severity::note, "The user is a name and not a number.",
        "Kubernetes cannot tell whether a name is root, and refuses it with runAsNonRoot.",
        "Write the number: 65532 is nonroot."},
    Rule{
        "user-not-in-image", Severity::error, "USER names an account that the image does not have.",
        "Names are looked up in /etc/passwd of the image. scratch has none, and distroless images know root, nobody and nonroot only; the container does not start.",
        "Use a number: USER 65532:65532."},
    Rule{
        "variable-in-exec-form", Severity::warning,
        "A variable in an exec form, where nobody replaces it.",
        "In exec form no shell runs, so the program gets the text $NAME itself.",
        "Write the value, let the program read its environment, or call a shell by name if the image has one."},
    Rule{
        "volume-owned-by-root", Severity::warning,
        "A volume that the user of the container cannot write to.",
        "A directory that VOLUME or WORKDIR makes belongs to root.",
        "Copy an empty directory there with --chown before VOLUME."},
    Rule{
        "whole-context-copied", Severity::warning,
        "The whole build context is copied into the last stage.",
        "Sources, tests, .git and .env come along unless .dockerignore names each of them, and every change makes a new layer.",
        "Copy the files that the program needs."},
};

} // namespace

std::span<const Rule> rules() {
    return kRules;
}

const Rule* find_rule(std::string_view id) {
    const auto found = std::find_if(
        kRules.begin(), kRules.end(), [id](const Rule& rule) { return rule.id == id; });
    return found == kRules.end() ? nullptr : &*found;
}

} // namespace pare::audit
