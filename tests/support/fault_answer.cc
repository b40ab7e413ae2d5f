// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 (RFC 9110, RFC 9112) as far as a client that fetches files can see it: GET and HEAD,
// ranges with If-Range, entity tags and dates with 304, redirects, basic authentication.
#include "support/fault_answer.hh"

#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <functional>
#include <map>

namespace pare::test {

namespace {

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return lowered;
}

std::string decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            result.push_back(
                static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
            i += 2;
        } else {
            result.push_back(text[i]);
        }
    }
    return result;
}

/// IMF-fixdate, RFC 9110 section 5.6.7.
std::string http_date(std::int64_t seconds) {
    constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
        kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour,
        parts.tm_min, parts.tm_sec);
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const auto byte = i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U;
            group = (group << 8) | byte;
        }
        for (std::size_t k = 0; k < 4; ++k) {
            const bool padding = i + k > bytes.size();
            text.push_back(padding ? '=' : kDigits[(group >> (18 - 6 * k)) & 63]);
        }
    }
    return text;
}

Answer plain(unsigned status, std::string text) {
    Answer answer{.status = status, .headers = {{"Content-Type", "text/plain"}}};
    answer.body = std::move(text);
    answer.length = answer.body.size();
    return answer;
}

struct Range {
    std::uint64_t first;
    std::uint64_t last;
};

/// What `Range: bytes=FIRST-[LAST]` asks for; nothing for other forms, which are ignored.
std::optional<Range> asked_range(const SeenRequest& request, std::uint64_t size) {
    const std::string value = request.header("Range");
    if (!value.starts_with("bytes=")) {
        return std::nullopt;
    }
    const std::string_view text = std::string_view(value).substr(6);
    const std::size_t dash = std::min(text.find('-'), text.size());
    const auto first = parse_number(text.substr(0, dash));
    if (!first || dash == text.size()) {
        return std::nullopt;
    }
    const auto last = parse_number(text.substr(dash + 1)).value_or(size - 1);
    return Range{*first, std::min(last, size - 1)};
}

void apply_range(const SeenRequest& request, const Fault& fault, Answer& answer) {
    const std::uint64_t size = answer.body.size();
    const auto range = asked_range(request, size);
    if (!range) {
        return;
    }
    if (range->first >= size) {
        answer = plain(416, "no such range\n");
        answer.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
        return;
    }
    answer.status = 206;
    answer.body = answer.body.substr(range->first, range->last - range->first + 1);
    answer.headers.emplace_back(
        "Content-Range", fault.content_range.empty()
                             ? fmt::format("bytes {}-{}/{}", range->first, range->last, size)
                             : fault.content_range);
}

bool is_unchanged(
    const SeenRequest& request, const std::string& tag, const std::string& last_modified) {
    const std::string known = request.header("If-None-Match");
    return known.empty() ? request.header("If-Modified-Since") == last_modified
                         : known == tag || known == "*";
}

using Setter = std::function<void(Fault&, const std::string&)>;

std::uint64_t number(const std::string& text) {
    const auto value = parse_number(text);
    if (!value) {
        throw Error(ErrorKind::usage, fmt::format("a fault needs a number, not: {}", text));
    }
    return *value;
}

std::map<std::string, Setter> fault_keys() {
    const auto small = [](const std::string& text) { return static_cast<unsigned>(number(text)); };
    return {
        {"times", [small](Fault& f, const std::string& v) { f.times = small(v); }},
        {"skip", [small](Fault& f, const std::string& v) { f.skip = small(v); }},
        {"status", [small](Fault& f, const std::string& v) { f.status = small(v); }},
        {"retry-after", [](Fault& f, const std::string& v) { f.retry_after = v; }},
        {"page", [small](Fault& f, const std::string& v) { f.page = small(v); }},
        {"cut", [](Fault& f, const std::string& v) { f.cut = number(v); }},
        {"stall", [](Fault& f, const std::string& v) { f.stall = number(v); }},
        {"length", [](Fault& f, const std::string& v) { f.length = number(v); }},
        {"flip", [](Fault& f, const std::string& v) { f.flip = number(v); }},
        {"cut-upload", [](Fault& f, const std::string& v) { f.cut_upload = number(v); }},
        {"redirect", [](Fault& f, const std::string& v) { f.redirect = v; }},
        {"auth", [](Fault& f, const std::string& v) { f.credentials = v; }},
        {"content-range", [](Fault& f, const std::string& v) { f.content_range = v; }},
        {"delay", [small](Fault& f, const std::string& v) { f.delay_ms = small(v); }},
        {"drop", [](Fault& f, const std::string&) { f.drop = true; }},
        {"ignore-range", [](Fault& f, const std::string&) { f.ignore_range = true; }},
        {"no-tag", [](Fault& f, const std::string&) { f.no_tag = true; }},
        {"chunked", [](Fault& f, const std::string&) { f.chunked = true; }},
    };
}

} // namespace

Fault parse_fault(std::string_view text) {
    const std::vector<std::string> words = split_command(text);
    if (words.size() < 2) {
        throw Error(
            ErrorKind::usage, fmt::format("a fault is 'PATH-GLOB key=value ...': {}", text));
    }
    const std::map<std::string, Setter> keys = fault_keys();
    Fault fault{.path = words.front()};
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::size_t equals = std::min(words[i].find('='), words[i].size());
        const auto key = keys.find(words[i].substr(0, equals));
        if (key == keys.end()) {
            throw Error(ErrorKind::usage, fmt::format("unknown fault: {}", words[i]));
        }
        key->second(fault, equals == words[i].size() ? "" : words[i].substr(equals + 1));
    }
    return fault;
}

std::string SeenRequest::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& header) {
        return lower(header.first) == lower(name);
    });
    return found == headers.end() ? std::string() : found->second;
}

SeenRequest parse_request(std::string_view head) {
    SeenRequest request;
    for (const std::string_view raw : split(head, '\n')) {
        const std::string_view line = trim(raw);
        if (request.method.empty()) {
            const auto words = split_words(line);
            if (words.size() != 3) {
                throw Error(ErrorKind::refused, fmt::format("no request: {}", line));
            }
            request.method = words[0];
            request.target = words[1];
        } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
            request.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
        }
    }
    std::string_view path = request.target;
    if (const std::size_t scheme = path.find("://"); scheme != std::string_view::npos) {
        path.remove_prefix(std::min(path.find('/', scheme + 3), path.size()));
    }
    request.path = decoded(path.substr(0, path.find('?')));
    return request;
}

std::string Answer::head() const {
    std::string text = fmt::format("HTTP/1.1 {} {}\r\n", status, status < 400 ? "Fine" : "Fault");
    for (const auto& [name, value] : headers) {
        text += fmt::format("{}: {}\r\n", name, value);
    }
    return text + "\r\n";
}

Answer make_answer(const SeenRequest& request, const Resource* resource, const Fault& fault) {
    if (!fault.credentials.empty() &&
        request.header("Authorization") != "Basic " + base64(fault.credentials)) {
        Answer answer = plain(401, "who are you?\n");
        answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"test\"");
        return answer;
    }
    if (fault.status != 0) {
        Answer answer = plain(fault.status, std::string(fault.page, 'x'));
        if (!fault.redirect.empty()) {
            answer.headers.emplace_back("Location", fault.redirect);
        }
        if (!fault.retry_after.empty()) {
            answer.headers.emplace_back("Retry-After", fault.retry_after);
        }
        return answer;
    }
    if (!fault.redirect.empty()) {
        Answer answer = plain(302, "elsewhere\n");
        answer.headers.emplace_back("Location", fault.redirect);
        return answer;
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return plain(405, "only GET and HEAD\n");
    }
    if (resource == nullptr) {
        return plain(404, "no such thing\n");
    }
    const std::string tag = fmt::format("\"{}\"", hash_hex(resource->body).substr(0, 16));
    const std::string last_modified = http_date(resource->modified);
    if (is_unchanged(request, tag, last_modified)) {
        Answer answer{.status = 304};
        answer.headers.emplace_back("ETag", tag);
        return answer;
    }
    Answer answer{.headers = {{"Last-Modified", last_modified}}, .body = resource->body};
    if (!fault.no_tag) {
        answer.headers.emplace_back("ETag", tag);
    }
    if (fault.flip && *fault.flip < answer.body.size()) {
        answer.body[*fault.flip] = static_cast<char>(~answer.body[*fault.flip]);
    }
    const std::string only_if = request.header("If-Range");
    if (!fault.ignore_range && (only_if.empty() || only_if == tag)) {
        apply_range(request, fault, answer);
    }
    answer.length = fault.length.value_or(answer.body.size());
    return answer;
}

} // namespace pare::test
