// SPDX-License-Identifier: Apache-2.0
// A .deb (deb(5)): ar with debian-binary 2.x, control.tar[.gz|.xz|.zst], data.tar[.gz|.xz|.zst|].
#pragma once

#include "archive/codec.hh"
#include "archive/tar.hh"
#include "support/bytes.hh"

#include <cstdint>
#include <memory>
#include <string>

namespace pare::deb {

/// An open package. `file` must outlive it.
class DebFile {
public:
    /// Checks the frame and reads the control archive. Throws ErrorKind::refused.
    DebFile(BytesView file, const std::string& name);
    ~DebFile();

    [[nodiscard]] const Bytes& control() const { return control_; } ///< the control file, verbatim

    [[nodiscard]] const Bytes& md5sums() const { return md5sums_; } ///< empty when there is none

    [[nodiscard]] const Bytes& conffiles() const { return conffiles_; }

    /// Names of the maintainer scripts that it has (`postinst`, ...): never run, but told.
    [[nodiscard]] const std::vector<std::string>& scripts() const { return scripts_; }

    [[nodiscard]] std::int64_t date() const { return date_; } ///< of the debian-binary member

    /// The plain data.tar, once.
    [[nodiscard]] std::unique_ptr<pare::Source> data(const archive::Limits& limits);

private:
    struct Data;
    std::unique_ptr<Data> data_;
    Bytes control_;
    Bytes md5sums_;
    Bytes conffiles_;
    std::vector<std::string> scripts_;
    std::int64_t date_ = 0;
};

} // namespace pare::deb
