// SPDX-License-Identifier: Apache-2.0
// Problem: librnp pulls in Botan, json-c, SQLite and a TPM library. Linked, they cost every start
// of the program 4 ms of relocations, though most runs verify nothing. So it is loaded when the
// first signature is to be checked, and its functions are called through a table that is typed by
// librnp's own header.
// Refuses: nothing by itself; what librnp says is judged in openpgp.cc.
#include "crypto/rnp.hh"

#include "support/error.hh"

#include <dlfcn.h>
#include <fmt/core.h>
#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

#include <memory>

namespace pare::crypto {

namespace {

constexpr const char* kLibrary = "librnp.so.0";
constexpr const char* kInstallHint = "install librnp (Debian: apt-get install librnp0)";

/// The functions of librnp that are used here.
class Functions {
public:
    Functions() : library_(dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL)) {
        if (library_ == nullptr) {
            throw Error(
                ErrorKind::environment,
                fmt::format("cannot load {}, which checks signatures: {}", kLibrary, dlerror()),
                kInstallHint);
        }
        find(ffi_create, "rnp_ffi_create");
        find(ffi_destroy, "rnp_ffi_destroy");
        find(set_timestamp, "rnp_set_timestamp");
        find(import_keys, "rnp_import_keys");
        find(input_from_memory, "rnp_input_from_memory");
        find(input_destroy, "rnp_input_destroy");
        find(verify_create, "rnp_op_verify_detached_create");
        find(verify_execute, "rnp_op_verify_execute");
        find(verify_destroy, "rnp_op_verify_destroy");
        find(signature_count, "rnp_op_verify_get_signature_count");
        find(signature_at, "rnp_op_verify_get_signature_at");
        find(signature_status, "rnp_op_verify_signature_get_status");
        find(signature_key, "rnp_op_verify_signature_get_key");
        find(locate_key, "rnp_locate_key");
        find(key_destroy, "rnp_key_handle_destroy");
        find(key_fingerprint, "rnp_key_get_fprint");
        find(key_primary, "rnp_key_get_primary_fprint");
        find(key_algorithm, "rnp_key_get_alg");
        find(key_bits, "rnp_key_get_bits");
        find(key_valid_till, "rnp_key_valid_till64");
        find(key_is_valid, "rnp_key_is_valid");
        find(key_is_expired, "rnp_key_is_expired");
        find(key_is_revoked, "rnp_key_is_revoked");
        find(key_allows, "rnp_key_allows_usage");
        find(buffer_destroy, "rnp_buffer_destroy");
    }

    Functions(const Functions&) = delete;
    Functions& operator=(const Functions&) = delete;
    /// The library stays: what it registered to run at exit must still be there then.
    ~Functions() = default;

    decltype(&rnp_ffi_create) ffi_create = nullptr;
    decltype(&rnp_ffi_destroy) ffi_destroy = nullptr;
    decltype(&rnp_set_timestamp) set_timestamp = nullptr;
    decltype(&rnp_import_keys) import_keys = nullptr;
    decltype(&rnp_input_from_memory) input_from_memory = nullptr;
    decltype(&rnp_input_destroy) input_destroy = nullptr;
    decltype(&rnp_op_verify_detached_create) verify_create = nullptr;
    decltype(&rnp_op_verify_execute) verify_execute = nullptr;
    decltype(&rnp_op_verify_destroy) verify_destroy = nullptr;
    decltype(&rnp_op_verify_get_signature_count) signature_count = nullptr;
    decltype(&rnp_op_verify_get_signature_at) signature_at = nullptr;
    decltype(&rnp_op_verify_signature_get_status) signature_status = nullptr;
    decltype(&rnp_op_verify_signature_get_key) signature_key = nullptr;
    decltype(&rnp_locate_key) locate_key = nullptr;
    decltype(&rnp_key_handle_destroy) key_destroy = nullptr;
    decltype(&rnp_key_get_fprint) key_fingerprint = nullptr;
    decltype(&rnp_key_get_primary_fprint) key_primary = nullptr;
    decltype(&rnp_key_get_alg) key_algorithm = nullptr;
    decltype(&rnp_key_get_bits) key_bits = nullptr;
    decltype(&rnp_key_valid_till64) key_valid_till = nullptr;
    decltype(&rnp_key_is_valid) key_is_valid = nullptr;
    decltype(&rnp_key_is_expired) key_is_expired = nullptr;
    decltype(&rnp_key_is_revoked) key_is_revoked = nullptr;
    decltype(&rnp_key_allows_usage) key_allows = nullptr;
    decltype(&rnp_buffer_destroy) buffer_destroy = nullptr;

private:
    template <typename Function>
    void find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(dlsym(library_, name));
        if (function == nullptr) {
            throw Error(
                ErrorKind::environment, fmt::format("{} has no {}: it is too old", kLibrary, name),
                kInstallHint);
        }
    }

    void* library_;
};

/// What the dynamic linker does for a linked library, done late: the one table of the process.
const Functions& rnp() {
    static const Functions functions;
    return functions;
}

/// For calls that fail only when memory is short or a handle is no good.
void expect_success(rnp_result_t result, const char* call) {
    if (result != RNP_SUCCESS) {
        throw Error(
            ErrorKind::environment, fmt::format("librnp: {} failed ({:#x})", call, result),
            kInstallHint);
    }
}

/// A handle of librnp that ends with its scope.
template <typename Handle>
class Owned {
public:
    using Destroy = rnp_result_t (*)(Handle);

    explicit Owned(Destroy destroy) : destroy_(destroy) {}

    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;

    ~Owned() {
        if (handle_ != nullptr) {
            destroy_(handle_);
        }
    }

    Handle* out() { return &handle_; }

    [[nodiscard]] Handle get() const { return handle_; }

private:
    Destroy destroy_;
    Handle handle_ = nullptr;
};

class Input : public Owned<rnp_input_t> {
public:
    /// `bytes` must outlive it.
    explicit Input(BytesView bytes) : Owned(rnp().input_destroy) {
        expect_success(
            rnp().input_from_memory(
                out(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), false),
            "rnp_input_from_memory");
    }
};

using Key = Owned<rnp_key_handle_t>;

/// Empty when librnp gives nothing.
std::string text_of(rnp_result_t (*getter)(rnp_key_handle_t, char**), const Key& key) {
    char* text = nullptr;
    if (getter(key.get(), &text) != RNP_SUCCESS || text == nullptr) {
        return {};
    }
    std::string copy = text;
    rnp().buffer_destroy(text);
    return copy;
}

/// A question that librnp does not answer is answered with no.
bool is(rnp_result_t (*question)(rnp_key_handle_t, bool*), const Key& key) {
    bool answer = false;
    return question(key.get(), &answer) == RNP_SUCCESS && answer;
}

bool may_sign(const Key& key) {
    bool answer = false;
    return rnp().key_allows(key.get(), "sign", &answer) == RNP_SUCCESS && answer;
}

/// A sub key falls with its primary key.
bool is_revoked(rnp_ffi_t ffi, const Key& key, const std::string& primary) {
    Key found(rnp().key_destroy);
    if (rnp().locate_key(ffi, "fingerprint", primary.c_str(), found.out()) != RNP_SUCCESS ||
        found.get() == nullptr) {
        return true;
    }
    return is(rnp().key_is_revoked, key) || is(rnp().key_is_revoked, found);
}

} // namespace

void load_rnp() {
    (void)rnp();
}

RnpKeys::RnpKeys(std::int64_t now) {
    rnp_ffi_t ffi = nullptr;
    expect_success(rnp().ffi_create(&ffi, "GPG", "GPG"), "rnp_ffi_create");
    ffi_ = ffi;
    rnp().set_timestamp(ffi, static_cast<std::uint64_t>(now));
}

RnpKeys::~RnpKeys() {
    rnp().ffi_destroy(static_cast<rnp_ffi_t>(ffi_));
}

void RnpKeys::add(BytesView certificate) {
    const Input input(certificate);
    // What librnp cannot read it leaves out; a signature by such a key is then one without a key.
    (void)rnp().import_keys(
        static_cast<rnp_ffi_t>(ffi_), input.get(),
        RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_PERMISSIVE, nullptr);
}

std::optional<RnpKey> RnpKeys::find(const std::string& issuer) const {
    constexpr std::size_t kKeyIdDigits = 16;
    const auto ffi = static_cast<rnp_ffi_t>(ffi_);
    const char* kind = issuer.size() == kKeyIdDigits ? "keyid" : "fingerprint";
    Key key(rnp().key_destroy);
    if (rnp().locate_key(ffi, kind, issuer.c_str(), key.out()) != RNP_SUCCESS ||
        key.get() == nullptr) {
        return std::nullopt;
    }
    RnpKey found;
    found.fingerprint = text_of(rnp().key_fingerprint, key);
    found.primary_fingerprint = text_of(rnp().key_primary, key);
    if (found.primary_fingerprint.empty()) {
        found.primary_fingerprint = found.fingerprint;
    }
    found.algorithm = text_of(rnp().key_algorithm, key);
    expect_success(rnp().key_bits(key.get(), &found.bits), "rnp_key_get_bits");
    expect_success(rnp().key_valid_till(key.get(), &found.valid_until), "rnp_key_valid_till64");
    found.valid = is(rnp().key_is_valid, key);
    found.expired = is(rnp().key_is_expired, key);
    found.revoked = is_revoked(ffi, key, found.primary_fingerprint);
    found.may_sign = may_sign(key);
    return found;
}

bool RnpKeys::is_good(BytesView text, BytesView signature, const std::string& fingerprint) const {
    const Input text_input(text);
    const Input signature_input(signature);
    Owned<rnp_op_verify_t> verify(rnp().verify_destroy);
    expect_success(
        rnp().verify_create(
            verify.out(), static_cast<rnp_ffi_t>(ffi_), text_input.get(), signature_input.get()),
        "rnp_op_verify_detached_create");
    // Its result is that of all signatures together; what counts is the status of the one.
    (void)rnp().verify_execute(verify.get());
    std::size_t count = 0;
    rnp_op_verify_signature_t result = nullptr;
    if (rnp().signature_count(verify.get(), &count) != RNP_SUCCESS || count != 1 ||
        rnp().signature_at(verify.get(), 0, &result) != RNP_SUCCESS ||
        rnp().signature_status(result) != RNP_SUCCESS) {
        return false;
    }
    // librnp finds the key by itself: it must be the one that was judged.
    Key key(rnp().key_destroy);
    return rnp().signature_key(result, key.out()) == RNP_SUCCESS && key.get() != nullptr &&
           text_of(rnp().key_fingerprint, key) == fingerprint;
}

} // namespace pare::crypto
