// SPDX-License-Identifier: Apache-2.0
#include "build/explanation.hh"
#include "cli/explain_result.hh"
#include "cli/inspecting_options.hh"
#include "cli/result_json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct ExplainOptions {
    std::string reference{};
    std::string subject{};
    InspectingOptions common{};
};

/// What is said of the subject in one image, in both forms.
struct Answer {
    std::string text{};
    json::Array packages{};
    json::Value path{};

    [[nodiscard]] bool is_empty() const { return packages.empty() && path.is_null(); }
};

Answer explain(const build::Inspection& image, const std::string& subject) {
    Answer answer;
    const bool is_path = subject.starts_with('/');
    for (const std::size_t package :
         is_path ? std::vector<std::size_t>() : build::find_packages(image, subject)) {
        const build::PackageExplanation explanation = build::explain_package(image, package);
        answer.text += package_text(image, explanation);
        answer.packages.push_back(package_json(image, explanation));
    }
    if (answer.packages.empty()) {
        if (const auto explanation = build::explain_path(image, ImagePath::parse(subject))) {
            answer.text += path_text(image, *explanation);
            answer.path = path_json(image, *explanation);
        }
    }
    return answer;
}

[[noreturn]] void refuse(const ExplainOptions& options, const build::Inspection& image) {
    std::vector<std::string> names;
    for (const sbom::Package& package : image.document.packages) {
        names.push_back(package.name);
    }
    const auto near = nearest(options.subject, names);
    throw Error(
        ErrorKind::usage,
        fmt::format("{} has no path and no package {}", options.reference, options.subject),
        near ? fmt::format("did you mean {}?", *near)
             : "pare inspect lists packages; with --all, paths");
}

int run(const ExplainOptions& options, Session& session) {
    Toolbox toolbox(options.common.source, session);
    const build::Tools tools = toolbox.tools();
    build::Inspector inspector(tools);
    const std::vector<build::Inspection> images =
        inspector.inspect(options.reference, options.common.architectures());
    json::Array all;
    std::string text;
    for (const build::Inspection& image : images) {
        Answer answer = explain(image, options.subject);
        if (answer.is_empty()) {
            continue;
        }
        const oci::Platform& platform = image.entry.image.platform;
        text += images.size() > 1 ? platform_name(platform) + ": " : "";
        text += answer.text;
        all.emplace_back(json::Object{
            {"platform", platform_json(platform)},
            {"path", std::move(answer.path)},
            {"packages", std::move(answer.packages)}});
    }
    if (all.empty()) {
        refuse(options, images.front());
    }
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(all);
    } else {
        session.output.text(text);
    }
    return 0;
}

} // namespace

Command explain_command() {
    const auto options = std::make_shared<ExplainOptions>();
    Command command{
        .details =
            "Says where a path of an image comes from (layer, package) and why it is there: which\n"
            "packages, programs, scripts and links need it. Of a package: which others need it, up\n"
            "to one that was asked for or that nothing needs, its files, and who uses them.\n"
            "What the image does not say is called unknown.\n",
        .examples = "pare explain oci:images:cc:latest /usr/lib/x86_64-linux-gnu/libgcc_s.so.1\n"
                    "pare explain docker-archive:server.tar libssl3\n",
        .options = {
            image_argument("IMAGE", options->reference),
            {.names = "SUBJECT",
             .help = "a path in the image, beginning with /, or the name of a package",
             .target = &options->subject,
             .need = Need::required}}};
    command.run = [options](Session& session) { return run(*options, session); };
    add_options(command, options->common.options());
    return command;
}

} // namespace pare::cli
