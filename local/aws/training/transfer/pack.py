"""Writes a tar.gz of the files and empty folders that standard input names: name, NUL, path, NUL, and so on.

Names are bytes, which the tar libraries of JavaScript cannot write. What cannot be opened is left out and printed,
a line each.
"""

import os
import sys
import tarfile
from pathlib import Path
from typing import BinaryIO


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
    with tarfile.open(sys.argv[1], "w:gz", compresslevel=6, format=tarfile.GNU_FORMAT, dereference=True) as archive:
        for name, path in zip(fields[::2], fields[1::2], strict=True):
            add(archive, name, path)


if __name__ == "__main__":
    main()
