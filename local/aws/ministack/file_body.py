"""A body that is a file."""

import hashlib
import os
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.services import s3

# Smaller bodies stay what they are.
SMALL = 1024 * 1024
BLOCK = 1024 * 1024
PREFIX = "body-"


class OpenFile:
    """An open file, removed with the last body that needs it if it is a temporary one."""

    def __init__(self, path: str, *, temporary: bool = False) -> None:
        self.path = path
        self.temporary = temporary
        self.fd = os.open(path, os.O_RDONLY)

    def __del__(self) -> None:
        if hasattr(self, "fd"):
            os.close(self.fd)
        if self.temporary:
            Path(self.path).unlink(missing_ok=True)


class FileBody(bytes):
    """A part of a file as a body."""

    file: OpenFile
    start: int
    size: int
    digests: dict[str, Any]

    @staticmethod
    def of(file: OpenFile, start: int, size: int, digests: dict[str, Any] | None = None) -> "FileBody":
        """A body of `size` bytes from `start` on; `digests` are those that are known."""
        body = FileBody()
        body.file, body.start, body.size, body.digests = file, start, size, digests or {}
        return body

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, slice):
            return self.read(index if index >= 0 else self.size + index, 1)[0]
        start, stop, step = index.indices(self.size)
        if step != 1:
            raise NotImplementedError("a body is cut without steps")
        return FileBody.of(self.file, self.start + start, max(0, stop - start))

    def __deepcopy__(self, _memo: dict) -> "FileBody":
        return self

    def read(self, offset: int, length: int) -> bytes:
        """Some bytes of it."""
        return os.pread(self.file.fd, min(length, self.size - offset), self.start + offset)

    def digest(self, algorithm: str) -> bytes:
        """MD5 or a checksum of S3; reads the file where it was not made while the body came in."""
        if algorithm not in self.digests:
            running = RUNNING[algorithm]()
            for offset in range(0, self.size, BLOCK):
                running.update(self.read(offset, BLOCK))
            self.digests[algorithm] = running.digest()
        return self.digests[algorithm]

    def store(self, path: str) -> None:
        """Makes a file of it. Files of bodies are never written to again, so that one can have two names."""
        whole = self.start == 0 and self.size == os.fstat(self.file.fd).st_size
        try:
            if not whole or Path(self.file.path).stat().st_ino != os.fstat(self.file.fd).st_ino:
                raise OSError("the file is not this body, or not any more")
            Path(path).unlink(missing_ok=True)
            os.link(self.file.path, path)
        except OSError:
            with open(path, "wb", opener=private) as target:
                self.append_to(target.fileno())

    def append_to(self, fd: int) -> None:
        """Writes it to an open file, within the kernel where that can."""
        done = 0
        while done < self.size:
            try:
                copied = os.copy_file_range(self.file.fd, fd, min(64 * BLOCK, self.size - done), self.start + done)
            except (AttributeError, OSError):
                copied = write_all(fd, self.read(done, BLOCK))
            if copied == 0:
                raise OSError(f"{self.file.path} is shorter than its body")
            done += copied


class Crc:
    """A running checksum of S3's that hashlib does not have."""

    def __init__(self, pack: str, table: tuple | None = None, ones: int = 0) -> None:
        self.pack, self.table, self.ones = pack, table, ones
        self.value = ones

    def update(self, data: bytes) -> None:
        """Takes the next bytes."""
        if self.table is None:
            self.value = zlib.crc32(data, self.value)
            return
        value, table = self.value, self.table
        for byte in data:
            value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
        self.value = value

    def digest(self) -> bytes:
        """The checksum of what came so far."""
        return struct.pack(self.pack, self.value ^ self.ones)


RUNNING: dict[str, Callable[[], Any]] = {
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "CRC32": lambda: Crc(">I"),
    "CRC32C": lambda: Crc(">I", s3._CRC32C_TABLE, s3._CRC32C_INIT),
    "CRC64NVME": lambda: Crc(">Q", s3._CRC64NVME_TABLE, s3._CRC64NVME_INIT),
}


class Spool:
    """A temporary file that a body is written to, with the digests that will be asked for."""

    def __init__(self, algorithms: set[str]) -> None:
        self.fd, path = tempfile.mkstemp(prefix=PREFIX)
        self.file = OpenFile(path, temporary=True)
        self.running = {name: RUNNING[name]() for name in algorithms if name in RUNNING}
        self.size = 0

    def __del__(self) -> None:
        self.close()

    def write(self, data: bytes) -> None:
        """Takes the next bytes."""
        for running in self.running.values():
            running.update(data)
        self.size += write_all(self.fd, data)

    def close(self) -> None:
        """Frees the file for others to read; again for nothing."""
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def body(self) -> FileBody:
        """What was written."""
        self.close()
        digests = {name: running.digest() for name, running in self.running.items()}
        return FileBody.of(self.file, 0, self.size, digests)


def join_files(parts: list[bytes]) -> FileBody:
    """Copies all parts into one file."""
    target = Spool(set())
    for part in parts:
        if isinstance(part, FileBody):
            part.append_to(target.fd)
            target.size += part.size
        else:
            target.write(part)
    return target.body()


def from_file(path: str) -> bytes:
    """The body in a file; bytes for a small one."""
    file = OpenFile(path)
    size = os.fstat(file.fd).st_size
    return os.pread(file.fd, size, 0) if size <= SMALL else FileBody.of(file, 0, size)


class Known:
    """A digest that is known, as hashlib gives one."""

    def __init__(self, value: bytes) -> None:
        self.value = value

    def digest(self) -> bytes:
        """As hashlib's."""
        return self.value

    def hexdigest(self) -> str:
        """As hashlib's."""
        return self.value.hex()


def md5(data: bytes = b"", **options: Any) -> Any:
    """hashlib.md5, of bodies that are files too."""
    return Known(data.digest("MD5")) if isinstance(data, FileBody) else hashlib.md5(data, **options)


class Hashlib:
    """hashlib with this md5."""

    md5 = staticmethod(md5)

    def __getattr__(self, name: str) -> Any:
        return getattr(hashlib, name)


def private(path: str, flags: int) -> int:
    """Opens a file that only the owner can read."""
    return os.open(path, flags, 0o600)


def write_all(fd: int, data: bytes) -> int:
    """Writes everything, and says how much that was."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
    return len(data)
