// SPDX-License-Identifier: Apache-2.0
// The files in which tools keep credentials (docker's config.json, containers-auth.json(5)):
//
//   {"auths": {"HOST[/PATH]": {"auth": base64("user:password"), "username", "password",
//                              "identitytoken", "registrytoken"}},
//    "credHelpers": {"HOST": "NAME"}, "credsStore": "NAME"}
//
// Looked for in $REGISTRY_AUTH_FILE alone when it is set, else in $DOCKER_CONFIG/config.json or
// ~/.docker/config.json, then in $XDG_RUNTIME_DIR/containers/auth.json; the first that knows the
// host counts. Keys may be URLs of old (`https://index.docker.io/v1/`). credHelpers is asked before
// credsStore, that before auths. Refused: files over 1 MiB, JSON that is none.
#include "registry/credentials.hh"

#include "support/base64.hh"
#include "support/files.hh"
#include "support/json.hh"

#include <utility>

namespace pare::registry {

namespace {

constexpr std::uint64_t kMaxFile = 1 << 20;
constexpr const char* kHubKey = "https://index.docker.io/v1/";

/// `https://host/v1/` -> `host`.
std::string plain_key(std::string_view key) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (key.starts_with(scheme)) {
            key.remove_prefix(scheme.size());
        }
    }
    for (const std::string_view suffix : {"/", "/v1", "/v2"}) {
        if (key.ends_with(suffix)) {
            key.remove_suffix(suffix.size());
        }
    }
    return key == "index.docker.io" ? std::string("docker.io") : std::string(key);
}

std::string text_of(const json::Object& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value == nullptr || value->is_null() ? std::string() : value->as_string();
}

const json::Object* object_of(const json::Object& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value == nullptr || value->is_null() ? nullptr : &value->as_object();
}

Credentials read_entry(const json::Object& entry) {
    Credentials credentials{
        .user = text_of(entry, "username"),
        .password = text_of(entry, "password"),
        .identity_token = text_of(entry, "identitytoken"),
        .registry_token = text_of(entry, "registrytoken")};
    const std::optional<Bytes> pair = from_base64(text_of(entry, "auth"));
    const std::size_t colon = pair ? pair->find(':') : Bytes::npos;
    if (colon != Bytes::npos) {
        credentials.user = pair->substr(0, colon);
        credentials.password = pair->substr(colon + 1);
        // Old versions of docker pad with NULs.
        credentials.password.erase(credentials.password.find_last_not_of('\0') + 1);
    }
    return credentials;
}

/// The entry whose key is the longest prefix of `place` in whole parts.
Credentials find_auth(const json::Object& auths, const std::string& place) {
    std::size_t longest = 0;
    Credentials found;
    for (const auto& [key, value] : auths.members()) {
        const std::string plain = plain_key(key);
        const bool covers = place == plain || place.starts_with(plain + "/");
        if (covers && plain.size() > longest && value.object() != nullptr) {
            Credentials credentials = read_entry(*value.object());
            if (!credentials.empty()) {
                longest = plain.size();
                found = std::move(credentials);
            }
        }
    }
    return found;
}

json::Object read_config(const std::filesystem::path& file) {
    return std::filesystem::exists(file)
               ? json::parse(read_file(file, kMaxFile), file.string()).as_object()
               : json::Object();
}

/// The object without the keys that mean `host`.
json::Object without(const json::Object& auths, const std::string& host, bool& removed) {
    json::Object kept;
    for (const auto& [key, value] : auths.members()) {
        if (plain_key(key) == host) {
            removed = true;
        } else {
            kept.set(key, value);
        }
    }
    return kept;
}

void write_config(const std::filesystem::path& file, const json::Object& config) {
    make_directories(file.parent_path());
    AtomicFile out(file);
    out.write(json::write(config, json::Layout::pretty) + "\n");
    out.commit(0600);
}

Credentials ask_helper(const std::string& helper, const std::string& host) {
    const json::Value answer =
        json::parse(run_helper(helper, "get", server_name(host)), "docker-credential-" + helper);
    const std::string user = answer.at("Username").as_string();
    const std::string secret = answer.at("Secret").as_string();
    return user == "<token>" ? Credentials{.identity_token = secret}
                             : Credentials{.user = user, .password = secret};
}

/// Reads, changes and replaces the file that `file` is or links to.
template <typename Change>
void change_config(const std::filesystem::path& file, Change&& change) {
    const std::filesystem::path real = std::filesystem::weakly_canonical(file);
    json::Object config = read_config(real);
    std::forward<Change>(change)(config);
    write_config(real, config);
}

} // namespace

std::string server_name(const std::string& host) {
    return host == "docker.io" ? std::string(kHubKey) : host;
}

ConfigEntry find_in_config(
    BytesView config, const std::string& host, const std::string& repository,
    const std::string& name) {
    const json::Value document = json::parse(config, name);
    const json::Object& root = document.as_object();
    ConfigEntry entry;
    if (const json::Object* auths = object_of(root, "auths")) {
        entry.credentials = find_auth(*auths, repository.empty() ? host : host + "/" + repository);
    }
    entry.helper = text_of(root, "credsStore");
    if (const json::Object* helpers = object_of(root, "credHelpers")) {
        for (const auto& [key, value] : helpers->members()) {
            if (plain_key(key) == host) {
                entry.helper = value.as_string();
            }
        }
    }
    return entry;
}

std::vector<std::filesystem::path> CredentialStore::files() const {
    if (const std::string file = variables_("REGISTRY_AUTH_FILE"); !file.empty()) {
        return {file};
    }
    std::vector<std::filesystem::path> found = {file_to_write()};
    if (const std::string runtime = variables_("XDG_RUNTIME_DIR"); !runtime.empty()) {
        found.push_back(std::filesystem::path(runtime) / "containers" / "auth.json");
    }
    return found;
}

std::filesystem::path CredentialStore::file_to_write() const {
    if (const std::string file = variables_("REGISTRY_AUTH_FILE"); !file.empty()) {
        return file;
    }
    const std::string folder = variables_("DOCKER_CONFIG");
    return folder.empty() ? std::filesystem::path(variables_("HOME")) / ".docker" / "config.json"
                          : std::filesystem::path(folder) / "config.json";
}

Credentials CredentialStore::find(const std::string& host, const std::string& repository) const {
    for (const std::filesystem::path& file : files()) {
        if (!std::filesystem::exists(file)) {
            continue;
        }
        const ConfigEntry entry =
            find_in_config(read_file(file, kMaxFile), host, repository, file.string());
        if (!entry.helper.empty()) {
            try {
                return ask_helper(entry.helper, host);
            } catch (const Error& error) {
                // Every helper says it in its own words.
                if (error.message().find("not found in native keychain") == std::string::npos) {
                    events_.message(Severity::warning, error.message());
                }
            }
        }
        if (!entry.credentials.empty()) {
            return entry.credentials;
        }
    }
    return {};
}

std::string CredentialStore::keep(const std::string& host, const Credentials& credentials) const {
    const std::filesystem::path file = file_to_write();
    const std::string helper =
        find_in_config(json::write(read_config(file)), host, {}, file.string()).helper;
    if (!helper.empty()) {
        static_cast<void>(run_helper(
            helper, "store",
            json::write(json::Object{
                {"ServerURL", server_name(host)},
                {"Username", credentials.user},
                {"Secret", credentials.password}})));
        return "docker-credential-" + helper;
    }
    change_config(file, [&](json::Object& config) {
        bool removed = false;
        const json::Object* old = object_of(config, "auths");
        json::Object auths = old == nullptr ? json::Object() : without(*old, host, removed);
        auths.set(
            server_name(host),
            json::Object{{"auth", to_base64(credentials.user + ":" + credentials.password)}});
        config.set("auths", std::move(auths));
    });
    return file.string();
}

bool CredentialStore::forget(const std::string& host) const {
    bool removed = false;
    for (const std::filesystem::path& file : files()) {
        if (!std::filesystem::exists(file)) {
            continue;
        }
        const std::string helper =
            find_in_config(read_file(file, kMaxFile), host, {}, file.string()).helper;
        if (!helper.empty()) {
            try {
                static_cast<void>(run_helper(helper, "erase", server_name(host)));
                removed = true;
            } catch (const Error& error) {
                events_.message(Severity::warning, error.message());
            }
        }
        change_config(file, [&](json::Object& config) {
            if (const json::Object* old = object_of(config, "auths")) {
                config.set("auths", without(*old, host, removed));
            }
        });
    }
    return removed;
}

} // namespace pare::registry
