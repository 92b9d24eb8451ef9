"""Writes a tar.gz of the files and empty folders that standard input names: name, NUL, path, NUL, and so on.

Names are bytes, which the tar libraries of JavaScript cannot write. What cannot be opened is left out and printed,
a line each. Weights hardly get smaller, and a deployment waits for the archive: they go into it as they are.
"""

import os
import struct
import sys
import tarfile
import zlib
from pathlib import Path
from typing import BinaryIO

# What is compressed, or kept as it is, on its own, and how much of it is tried first.
CHUNK = 1024 * 1024
SAMPLE = 32 * 1024
# Deflate brings weights to 0.93 of their size, in bfloat16 to 0.8, at some 20 MB/s; text and zeros to far less.
WORTHWHILE = 0.75
# RFC 1952: deflate, no name, no time, of no special system.
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# RFC 1951: a last block with nothing in it.
DEFLATE_END = b"\x03\x00"


class Gzip:
    """One gzip member, of which only the chunks that get smaller are compressed."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.crc = self.size = 0
        file.write(GZIP_HEADER)

    def write(self, chunk: bytes) -> None:
        """Adds a chunk, which refers to none before it."""
        middle = len(chunk) // 2
        sample = chunk[max(0, middle - SAMPLE // 2) : middle + SAMPLE // 2]
        level = 6 if len(zlib.compress(sample, 1)) < WORTHWHILE * len(sample) else 0
        compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self.file.write(compressor.compress(chunk) + compressor.flush(zlib.Z_SYNC_FLUSH))
        self.crc = zlib.crc32(chunk, self.crc)
        self.size += len(chunk)

    def end(self) -> None:
        """Writes what tells a reader that nothing is missing."""
        self.file.write(DEFLATE_END + struct.pack("<LL", self.crc, self.size & 0xFFFFFFFF))


def portable(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leaves out whose the file is on this machine."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


def opened(name: str, path: str) -> BinaryIO | None:
    """The file, or None after saying why not."""
    try:
        return Path(path).open("rb")
    except OSError as error:
        print(f"{name}: {error.strerror}".encode("utf-8", "replace").decode())
        return None


def add(archive: tarfile.TarFile, name: str, path: str) -> None:
    """Adds a file or an empty folder. A file that ends early would spoil the archive, and is an error."""
    if Path(path).is_dir():
        archive.addfile(portable(archive.gettarinfo(path, name)))
        return
    file = opened(name, path)
    if file is None:
        return
    with file:
        archive.addfile(portable(archive.gettarinfo(arcname=name, fileobj=file)), file)


def main() -> None:
    """Packs into the file that the first argument names."""
    fields = [os.fsdecode(field) for field in sys.stdin.buffer.read().split(b"\0")[:-1]]
    # A link is packed as what it leads to.
    how = {"format": tarfile.GNU_FORMAT, "dereference": True, "copybufsize": CHUNK}
    with Path(sys.argv[1]).open("wb") as file:
        packed = Gzip(file)
        with tarfile.open(fileobj=packed, mode="w|", bufsize=CHUNK, **how) as archive:
            for name, path in zip(fields[::2], fields[1::2], strict=True):
                add(archive, name, path)
        packed.end()


if __name__ == "__main__":
    main()
