// SPDX-License-Identifier: Apache-2.0
// The file of a download stands beside its destination under a temporary name until keep(); a
// destructor, a restart or a crash leaves nothing at the destination.
#include "net/body.hh"

namespace pare::net {

AtomicFile& FileBody::file() {
    if (!file_) {
        make_directories(destination_.parent_path());
        file_.emplace(destination_);
    }
    return *file_;
}

void FileBody::write(BytesView bytes) {
    file().write(bytes);
    if (hashing_ == Hashing::sha256) {
        hasher_.write(bytes);
    }
}

std::uint64_t FileBody::size() const {
    return file_ ? file_->size() : 0;
}

void FileBody::restart() {
    if (file_) {
        file_.reset();
        hasher_ = Hasher();
    }
}

std::string FileBody::sha256() const {
    return hashing_ == Hashing::sha256 ? hasher_.peek_hex() : std::string();
}

void FileBody::keep() {
    file().commit();
    file_.reset();
}

} // namespace pare::net
