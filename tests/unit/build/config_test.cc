// SPDX-License-Identifier: Apache-2.0
// How the steps of a chain come to one configuration.
#include "build/base_image.hh"
#include "build/config.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using build::platform_of;
using build::StepNode;
using definition::Step;

/// The configuration of a chain of these steps, root first.
oci::RunConfig
config_of(const std::vector<Step>& steps, const std::shared_ptr<build::BaseImage>& base = nullptr) {
    std::vector<StepNode> nodes(steps.size());
    std::vector<const StepNode*> path;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        nodes[i].step = steps[i];
        nodes[i].parent = i == 0 ? nullptr : &nodes[i - 1];
        path.push_back(&nodes[i]);
    }
    nodes.front().base = base;
    return build::run_config(path);
}

Step step_with_check(definition::Healthcheck check) {
    Step step{.name = "server"};
    step.healthcheck = std::move(check);
    return step;
}

std::int64_t interval_of(const std::string& text) {
    return config_of({step_with_check({.test = {"CMD", "x"}, .interval = text})})
        .healthcheck->interval;
}

const std::string kPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const std::string kBundle = "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt";

} // namespace

TEST_CASE("an architecture is a platform of Linux, with the variant that Debian builds for") {
    CHECK(platform_of("amd64") == oci::Platform{"linux", "amd64", ""});
    CHECK(platform_of("arm64") == oci::Platform{"linux", "arm64", "v8"});
    CHECK(platform_of("arm/v7") == oci::Platform{"linux", "arm", "v7"});
    CHECK(platform_of("riscv64") == oci::Platform{"linux", "riscv64", ""});
}

TEST_CASE("a chain that says nothing still has PATH and the place of the certificates") {
    const oci::RunConfig config = config_of({Step{}, Step{}});
    CHECK(config.env == Names{kPath, kBundle});
    CHECK(config == oci::RunConfig{.env = config.env});
}

TEST_CASE("environments of all steps are merged by name, and later steps win") {
    Step root;
    root.environment = {{"LANG", "C"}, {"ZONE", "a=b"}, {"PATH", "/root"}};
    Step last;
    last.environment = {{"LANG", "C.UTF-8"}, {"EMPTY", ""}, {"SSL_CERT_FILE", "/x"}};
    CHECK(
        config_of({root, last}).env ==
        Names{"EMPTY=", "LANG=C.UTF-8", "PATH=/root", "SSL_CERT_FILE=/x", "ZONE=a=b"});
}

TEST_CASE("a user of any step of the chain runs by number, any other as it was written") {
    Step root;
    root.users = {{.name = "nonroot", .uid = 65532}, {.name = "web", .uid = 33}};
    Step last;
    last.run_as = "nonroot";
    CHECK(config_of({root, last}).user == "65532");
    CHECK(config_of({root, last, Step{}}).user == "65532");
    for (const char* other : {"postgres", "1000:1000", "web:web"}) {
        last.run_as = other;
        CHECK(config_of({root, last}).user == other);
    }
    root.run_as = "root";
    last.run_as = "web";
    CHECK(config_of({root, last}).user == "33");
}

TEST_CASE("a new entrypoint drops the arguments of steps below, but not its own") {
    Step root;
    root.entrypoint = Names{"/bin/a"};
    root.cmd = Names{"--of-a"};
    Step arguments;
    arguments.cmd = Names{"--other"};
    Step program;
    program.entrypoint = Names{"/bin/b"};
    Step both;
    both.entrypoint = Names{"/bin/c"};
    both.cmd = Names{"--of-c"};
    CHECK(config_of({root, Step{}}).cmd == Names{"--of-a"});
    CHECK(config_of({root, arguments}).entrypoint == Names{"/bin/a"});
    CHECK(config_of({root, arguments}).cmd == Names{"--other"});
    CHECK(config_of({root, program}).entrypoint == Names{"/bin/b"});
    CHECK(config_of({root, program}).cmd.empty());
    CHECK(config_of({root, both}).cmd == Names{"--of-c"});
}

TEST_CASE("working directory and stop signal are those of the last step that has one") {
    Step root;
    root.work_dir = "/a";
    root.stop_signal = "SIGINT";
    Step last;
    last.work_dir = "/b";
    CHECK(config_of({root, last, Step{}}).working_dir == "/b");
    CHECK(config_of({root, last, Step{}}).stop_signal == "SIGINT");
}

TEST_CASE("volumes and ports add up, each once, in the order in which they were named") {
    Step root;
    root.volumes = {"/z", "/a"};
    root.ports = {"80/tcp"};
    Step last;
    last.volumes = {"/a", "/b"};
    last.ports = {"53/udp", "80/tcp"};
    CHECK(config_of({root, last}).volumes == Names{"/z", "/a", "/b"});
    CHECK(config_of({root, last}).exposed_ports == Names{"80/tcp", "53/udp"});
}

TEST_CASE("annotations of all steps are labels too, and later steps win") {
    Step root;
    root.annotations = {{"a", "1"}, {"b", "1"}};
    Step last;
    last.annotations = {{"b", "2"}};
    CHECK(
        config_of({root, last}).labels ==
        std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("the last healthcheck holds, its durations in nanoseconds") {
    const Step step = step_with_check(
        {.test = {"CMD", "probe"},
         .interval = "1m30s",
         .timeout = "500ms",
         .start_period = "2s",
         .retries = 3});
    const Step earlier = step_with_check({.test = {"CMD", "other"}, .interval = "7s"});
    const auto check = config_of({earlier, step, Step{}}).healthcheck;
    REQUIRE(check);
    CHECK(check->test == Names{"CMD", "probe"});
    CHECK(check->interval == 90'000'000'000);
    CHECK(check->timeout == 500'000'000);
    CHECK(check->start_period == 2'000'000'000);
    CHECK(check->retries == 3);
}

TEST_CASE("a probe is called without a shell, with the timeout that the engine has") {
    const auto test_of = [](definition::Healthcheck check) {
        return config_of({step_with_check(std::move(check))}).healthcheck->test;
    };
    CHECK(
        test_of({.probe = "http://127.0.0.1:8080/healthz"}) ==
        Names{"CMD", "/usr/bin/pare-probe", "http://127.0.0.1:8080/healthz"});
    CHECK(
        test_of({.timeout = "1m30s", .probe = "http://[::1]/", .status = "200-299"}) ==
        Names{
            "CMD", "/usr/bin/pare-probe", "--timeout=90000ms", "--status=200-299",
            "http://[::1]/"});
    CHECK(
        test_of({.timeout = "1us", .probe = "file:///a"}) ==
        Names{"CMD", "/usr/bin/pare-probe", "--timeout=1ms", "file:///a"});
}

TEST_CASE("durations are numbers with units, and no text is no duration") {
    CHECK(interval_of("") == 0);
    CHECK(interval_of("7ns") == 7);
    CHECK(interval_of("7us") == 7'000);
    CHECK(interval_of("2m3s4ms") == 123'004'000'000);
    for (const char* text : {"5", "s", "1.5s", "-1s", "1 s", "1d", "s5", "99999999999s"}) {
        CAPTURE(text);
        const Error error = error_of([&] { (void)interval_of(text); });
        CHECK(error.kind() == ErrorKind::definition);
        CHECK(error.message() == "server: '" + std::string(text) + "' is no duration");
    }
}

TEST_CASE("the configuration of a base image is where a chain starts") {
    ForeignImage foreign;
    foreign.add_layer({tar_file("x", "x")});
    foreign.image.config = {
        .user = "1000",
        .exposed_ports = {"80/tcp"},
        .env = {"PATH=/base", "EMPTY=", "KEPT=a=b"},
        .entrypoint = {"/base"},
        .cmd = {"--base"},
        .working_dir = "/srv",
        .labels = {{"a", "base"}, {"b", "base"}},
        .shell = {"/bin/base"},
        .on_build = {"RUN base"}};
    const auto base = base_on_disk(foreign.write());
    Step step;
    step.environment = {{"EMPTY", "no"}};
    step.annotations = {{"b", "step"}};
    step.ports = {"53/udp"};
    oci::RunConfig wanted = foreign.image.config;
    wanted.on_build.clear();
    wanted.env = {"EMPTY=no", "KEPT=a=b", "PATH=/base", kBundle};
    wanted.labels["b"] = "step";
    wanted.exposed_ports.emplace_back("53/udp");
    CHECK(config_of({step, Step{}}, base) == wanted);
}

TEST_CASE("an environment may name the version of the upstream project of a package") {
    StepNode node;
    node.locked.packages = {
        {.name = "openjdk", .version = "21.0.13+9-1~deb13u2"},
        {.name = "node", .version = "1:20.19.2+dfsg-1"}};
    node.step.environment = {
        {"BOTH", "${upstream-version:openjdk} ${upstream-version:node}"},
        {"OPEN", "${upstream-version:"}};
    node.step.annotations = {{"version", "v${upstream-version:node}"}};
    const oci::RunConfig config = build::run_config({&node});
    CHECK(config.env.at(0) == "BOTH=21.0.13 20.19.2");
    CHECK(config.env.at(1) == "OPEN=${upstream-version:");
    CHECK(config.labels.at("version") == "v20.19.2");
    node.step.environment = {{"X", "${upstream-version:nothing}"}};
    CHECK_THROWS_AS((void)build::run_config({&node}), Error);
}

} // namespace pare::test
