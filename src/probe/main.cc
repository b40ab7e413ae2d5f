// SPDX-License-Identifier: Apache-2.0
// The health-check probe: a static program without a C library that pare puts into images, where
// nothing else could ask a server how it is. It ends with 0 when all is well, with 1 when not, and
// with 2 when it was called wrongly; then one line says why. It is one source, because all of it
// has to fit into a page or so of each machine.
#include "probe/check.hh"

namespace pare::probe {

namespace {

enum class Exit : uint8_t { well, ill, misused };

/// Writes the message to `line`; `words` are those behind the program's name, with a null at the
/// end.
Exit run(const char* const* words, State& state, char*& line) {
    state.timeout = 3000;
    state.wanted = "200-399";
    const char* url = nullptr;
    for (; *words != nullptr; ++words) {
        const char* word = *words;
        if (take(word, "--timeout=")) {
            state.timeout = parse_milliseconds(word);
        } else if (take(word, "--status=")) {
            state.wanted = word;
        } else if (url == nullptr) {
            url = word;
        } else {
            state.timeout = kNone;
        }
    }
    state.statuses = parse_statuses(state.wanted);
    if (url == nullptr || state.timeout == kNone || state.statuses.lowest == kNone) {
        line = add(line, "usage: pare-probe [--timeout=3s] [--status=200-399] URL");
        return Exit::misused;
    }
    line = add(add(line, url), ": ");
    if (const char* wrong = parse_target(url, state.target)) {
        line = add(add(line, "cannot be probed from here on: "), wrong);
        return Exit::misused;
    }
    char* const end = check(state, line);
    if (end == nullptr) {
        return Exit::well;
    }
    line = end;
    return Exit::ill;
}

State all{};

} // namespace

/// `stack` is as the kernel left it: the number of words, then the words.
extern "C" [[noreturn]] void probe_start(const long* stack);

void probe_start(const long* stack) {
    State* state = &all;
    // A pointer that may be to anything is kept in a register; addresses take more bytes.
    asm("" : "+r"(state));
    char* line = add(state->text, "pare-probe: ");
    // A program can be started without even its own name.
    const auto* words = reinterpret_cast<const char* const*>(stack + 1);
    const Exit exit = run(*words == nullptr ? words : words + 1, *state, line);
    if (exit != Exit::well) {
        // One line, whatever was written into a URL or an option.
        for (char* c = state->text; c != line; ++c) {
            if (static_cast<unsigned char>(*c) < ' ') {
                *c = '?';
            }
        }
        *line++ = '\n';
        system_call(Call::write, 2, as_long(state->text), line - state->text);
    }
    while (true) {
        system_call(Call::exit_group, static_cast<long>(exit));
    }
}

} // namespace pare::probe
