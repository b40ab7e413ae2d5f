"""Makes one hostile package: hostile_deb.py KIND FILE. The kinds are the functions' names."""
import gzip
import io
import sys
import tarfile

CONTROL = b"Package: evil\nVersion: 1.0\nArchitecture: amd64\nMaintainer: x\nDescription: x\n"


def entry(name, kind=tarfile.REGTYPE, size=0, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname, info.mode = kind, size, link, 0o644
    return info


def dotdot(tar):
    tar.addfile(entry("./usr/../../etc/passwd"))


def absolute_dotdot(tar):
    tar.addfile(entry("/../etc/passwd"))


def device(tar):
    info = entry("./dev/sda", tarfile.BLKTYPE)
    info.devmajor, info.devminor = 8, 0
    tar.addfile(info)


def fifo(tar):
    tar.addfile(entry("./run/fifo", tarfile.FIFOTYPE))


def hard_link_out(tar):
    tar.addfile(entry("./usr/link", tarfile.LNKTYPE, link="../../etc/shadow"))


def symlink_out(tar):
    tar.addfile(entry("./usr/way", tarfile.SYMTYPE, link="../../../../tmp"))
    tar.addfile(entry("./usr/way/file", size=4), io.BytesIO(b"evil"))


class Zeros(io.RawIOBase):
    def read(self, size=-1):
        return bytes(size)


def bomb(tar):
    tar.addfile(entry("./usr/zeros", size=1 << 30), Zeros())


def entries(tar):
    block = entry("./usr/x").tobuf(tarfile.GNU_FORMAT)
    for _ in range(1001):
        tar.fileobj.write(block * 1000)
        tar.offset += len(block) * 1000


def nul_name(tar):
    info = entry("./usr/x")
    info.pax_headers = {"path": "./usr/a\0b"}
    tar.addfile(info)


def packed(fill):
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0) as zipped:
        with tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar:
            fill(tar)
    return raw.getvalue()


def member(name, data):
    header = f"{name:<16}{1700000000:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode()
    return header + data + b"\n" * (len(data) % 2)


def control(tar):
    tar.addfile(entry("./control", size=len(CONTROL)), io.BytesIO(CONTROL))


kind, path = sys.argv[1:]
with open(path, "wb") as deb:
    deb.write(b"!<arch>\n" + member("debian-binary", b"2.0\n"))
    deb.write(member("control.tar.gz", packed(control)))
    deb.write(member("data.tar.gz", packed(globals()[kind])))
