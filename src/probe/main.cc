// SPDX-License-Identifier: Apache-2.0
// The health-check probe: a static program without a C library that pare puts into images, where
// nothing else could ask a server how it is. It ends with 0 when all is well, with 1 when not, and
// with 2 when it was called wrongly; then one line says why. It is one source, because all of it
// has to fit into 4096 bytes on each machine.
#include "probe/check.hh"

namespace pare::probe {

namespace {

enum class Exit : uint8_t { well, ill, misused };

/// Writes the message to `line`; `stack` is that of probe_start.
Exit run(const long* stack, State& state, char*& line) {
    const auto* words = reinterpret_cast<const char* const*>(stack + 1);
    const auto* const words_end = words + *stack;
    state.timeout = 3000;
    state.wanted = "200-399";
    const char* url = nullptr;
    // A program can be started without even its own name.
    while (++words < words_end) {
        const char* word = *words;
        if (take(word, "--timeout=")) {
            state.timeout = parse_milliseconds(word);
        } else if (take(word, "--status=")) {
            state.wanted = word;
        } else if (url == nullptr) {
            url = word;
        } else {
            state.timeout = 0;
        }
    }
    if (url == nullptr || state.timeout == 0 || !parse_statuses(state.wanted, state.statuses)) {
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
    const Exit exit = run(stack, *state, line);
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
    system_call(Call::exit_group, static_cast<long>(exit));
    __builtin_unreachable();
}

} // namespace pare::probe
