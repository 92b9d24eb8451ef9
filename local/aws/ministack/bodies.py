"""Object bodies that are files: ministack holds each in memory, several times over; here they are never read whole.

A body that is put goes to a file while it comes in, and its digests are made on the way. What ministack then handles is a `FileBody`:
to code that does not know of it, an empty `bytes` of the right length; the few places of ministack that read, cut, join, hash, store or
send a body are replaced by `install` with ones that know of it. They are those of the version that the lock file names.
"""

import base64
import contextvars
import hashlib
import inspect
import os
import re
import struct
import tempfile
import zlib
from asyncio import to_thread
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.services import s3

# Smaller bodies stay what they are. Parts are many, so they are always files.
SMALL = 1024 * 1024
BLOCK = 1024 * 1024
PREFIX = "body-"
# What an S3 URL may say beside the object, when the body is the object or a part of it.
PLAIN_QUERY = re.compile(r"x-id|partNumber|uploadId|x-amz-.*", re.IGNORECASE)

scope_of_request: contextvars.ContextVar[dict] = contextvars.ContextVar("scope_of_request")
prepared_join: contextvars.ContextVar[tuple[list, "FileBody"] | None] = contextvars.ContextVar("prepared", default=None)


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
            if not whole or os.stat(self.file.path).st_ino != os.fstat(self.file.fd).st_ino:
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


class ChunkDecoder:
    """Takes the frames of an aws-chunked body off its data as it comes in, as ministack does with a whole one."""

    def __init__(self) -> None:
        self.buffer = b""
        self.left = 0
        self.trailer: bytes | None = None

    def feed(self, data: bytes) -> bytes:
        """The data in the next bytes."""
        if self.trailer is not None:
            self.trailer += data
            return b""
        self.buffer += data
        found = []
        while self.buffer and self.trailer is None:
            if self.left > 2:
                found.append(self.buffer[: self.left - 2])
                self.buffer = self.buffer[len(found[-1]) :]
                self.left -= len(found[-1])
            elif self.left > 0:
                if len(self.buffer) < self.left:
                    break
                self.expect(self.buffer[: self.left] == b"\r\n", "Truncated aws-chunked frame data")
                self.buffer = self.buffer[self.left :]
                self.left = 0
            elif not self.next_frame():
                break
        return b"".join(found)

    def next_frame(self) -> bool:
        """Reads the head of a frame; false when it is not there yet."""
        head, separator, rest = self.buffer.partition(b"\r\n")
        if not separator:
            self.expect(len(head) < 4096, "Invalid aws-chunked frame header")
            return False
        size = head.split(b";")[0].strip()
        self.expect(re.fullmatch(rb"[0-9A-Fa-f]+", size) is not None, "Invalid aws-chunked frame size")
        self.buffer = rest
        self.left = int(size, 16) + 2
        if self.left == 2:
            self.trailer, self.buffer, self.left = rest, b"", 0
        return True

    def finish(self, size: int, headers: dict) -> None:
        """Puts what the trailer says into the headers; the frames are gone and ministack does this part for an empty body."""
        self.expect(self.trailer is not None, "Missing aws-chunked terminating frame")
        declared = headers.pop("x-amz-decoded-content-length", None)
        self.expect(declared is None or declared.strip() == str(size), "Decoded aws-chunked length mismatch")
        # What came without the mark of such a body would not be taken for one.
        unmarked = "x-amz-content-sha256" not in headers
        headers.setdefault("x-amz-content-sha256", "STREAMING-")
        app._decode_aws_chunked_body(b"0\r\n" + (self.trailer or b""), headers)
        if unmarked:
            del headers["x-amz-content-sha256"]
        if declared is not None:
            headers["x-amz-decoded-content-length"] = declared

    @staticmethod
    def expect(condition: bool, problem: str) -> None:
        """Throws what ministack answers with IncompleteBody."""
        if not condition:
            raise app._IncompleteRequestBody(problem)


def private(path: str, flags: int) -> int:
    """Opens a file that only the owner can read."""
    return os.open(path, flags, 0o600)


def write_all(fd: int, data: bytes) -> int:
    """Writes everything, and says how much that was."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
    return len(data)


def from_file(path: str) -> bytes:
    """The body in a file; bytes for a small one."""
    file = OpenFile(path)
    size = os.fstat(file.fd).st_size
    return os.pread(file.fd, size, 0) if size <= SMALL else FileBody.of(file, 0, size)


def is_spooled(method: str, headers: dict) -> bool:
    """Whether a request's body is an object or a part of one, and worth a file."""
    scope = scope_of_request.get({})
    query = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
    signature = headers.get("authorization", "") + "".join(query.get("X-Amz-Credential", []))
    streaming = headers.get("x-amz-content-sha256", "")
    if method != "PUT" or "/s3/aws4_request" not in signature or "x-amz-copy-source" in headers:
        return False
    if "/" not in scope.get("path", "").strip("/") or not all(PLAIN_QUERY.fullmatch(name) for name in query):
        return False
    # ministack verifies these with the whole body at hand.
    if app.AUTH and (streaming == "" or streaming.startswith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")):
        return False
    length = headers.get("content-length")
    return "partNumber" in query or length is None or not length.isdigit() or int(length) > SMALL


def algorithms_of(headers: dict) -> set[str]:
    """The digests that S3 will ask for."""
    names = [*headers, *headers.get("x-amz-trailer", "").split(",")]
    asked = {name.strip().lower().removeprefix("x-amz-checksum-").upper() for name in names if "checksum-" in name}
    query = parse_qs(scope_of_request.get({}).get("query_string", b"").decode())
    upload = s3._multipart_uploads.get((query.get("uploadId") or [""])[0]) or {}
    named = [headers.get("x-amz-sdk-checksum-algorithm"), upload.get("checksum_algorithm"), "MD5"]
    return asked | {name.upper().replace("_", "") for name in named if name}


async def spool(receive: Callable, headers: dict) -> FileBody:
    """Writes a request's body to a file as it comes in."""
    framed = (
        headers.get("x-amz-content-sha256", "").startswith("STREAMING-")
        or "aws-chunked" in headers.get("content-encoding", "")
        or "x-amz-decoded-content-length" in headers
    )
    decoder = ChunkDecoder() if framed else None
    target = await to_thread(Spool, algorithms_of(headers))
    received = 0
    waiting: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise app._RequestBodyDisconnected
        data = message.get("body", b"")
        received += len(data)
        waiting.append(decoder.feed(data) if decoder else data)
        more = message.get("more_body", False)
        if not more or sum(map(len, waiting)) >= BLOCK:
            # In a thread: a disk that is busy must not keep other calls waiting.
            await to_thread(target.write, b"".join(waiting))
            waiting = []
    length = headers.get("content-length")
    ChunkDecoder.expect(length is None or length.strip() == str(received), "Content-Length does not match request body")
    if decoder:
        decoder.finish(target.size, headers)
    return target.body()


def joined(parts: list[bytes]) -> bytes:
    """The body of all parts."""
    prepared = prepared_join.get()
    if prepared and len(prepared[0]) == len(parts) and all(a is b for a, b in zip(*[prepared[0], parts], strict=True)):
        return prepared[1]
    return join_files(parts) if any(isinstance(part, FileBody) for part in parts) else b"".join(parts)


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


def parts_to_join(query: dict, body: bytes) -> list[bytes]:
    """The bodies that a CompleteMultipartUpload names; none for one that ministack will refuse."""
    upload = s3._multipart_uploads.get((query.get("uploadId") or [""])[0]) or {}
    numbers = sorted(int(number) for number in re.findall(rb"<PartNumber>\s*(\d+)\s*</PartNumber>", body))
    found = [upload.get("parts", {}).get(number) for number in numbers]
    return [part["body"] for part in found if part] if all(found) else []


def replace(module: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Puts in place of a function one that knows what was there."""
    setattr(module, name, make(getattr(module, name)))


def install() -> None:
    """Teaches ministack about bodies that are files, and removes those that a crash left."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        left.unlink(missing_ok=True)

    def reading(original: Callable) -> Callable:
        async def read_request_body(receive: Callable, method: str, headers: dict) -> bytes:
            return await (
                spool(receive, headers) if is_spooled(method, headers) else original(receive, method, headers)
            )

        return read_request_body

    def sending(original: Callable) -> Callable:
        async def send_response(send: Callable, status: int, headers: dict, body: Any, *, head: bool = False) -> None:
            if not isinstance(body, FileBody):
                await original(send, status, headers, body, head=head)
                return
            headers.setdefault("Content-Length", str(len(body)))
            await send({"type": "http.response.start", "status": status, "headers": app._asgi_header_list(headers)})
            for offset in range(0, 0 if head else len(body), BLOCK):
                data = await to_thread(body.read, offset, BLOCK)
                await send({"type": "http.response.body", "body": data, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return send_response

    def handling(original: Callable) -> Callable:
        async def handle_request(
            method: str, path: str, headers: dict, body: bytes, query: dict, *rest: Any, **more: Any
        ):  # noqa: ANN202
            parts = parts_to_join(query, body) if method == "POST" and "uploadId" in query else []
            if any(isinstance(part, FileBody) for part in parts):
                prepared_join.set((parts, await to_thread(join_files, parts)))
            try:
                return await original(method, path, headers, body, query, *rest, **more)
            finally:
                prepared_join.set(None)

        return handle_request

    def storing(original: Callable) -> Callable:
        def atomic_write(path: str, data: Any, *, text: bool = False) -> None:
            if not isinstance(data, FileBody):
                original(path, data, text=text)
                return
            data.store(f"{path}.tmp")
            os.replace(f"{path}.tmp", path)

        return atomic_write

    def checksumming(original: Callable) -> Callable:
        def compute(algorithm: str, body: bytes) -> str | None:
            name = (algorithm or "").upper().replace("_", "")
            if not isinstance(body, FileBody) or name not in RUNNING:
                return original(algorithm, body)
            return base64.b64encode(body.digest(name)).decode()

        return compute

    def reading_stored(original: Callable) -> Callable:
        def read_body(bucket: str, key: str, record: dict) -> bytes:
            path = s3._object_disk_path(bucket, key) if record.get("body") is None else None
            return from_file(path) if path and os.path.isfile(path) else original(bucket, key, record)

        return read_body

    def reading_version(original: Callable) -> Callable:
        def version_body(bucket: dict, name: str, key: str, version: dict) -> bytes | None:
            if version.get("data") is None and s3._version_file_exists(name, key, version["version_id"]):
                return from_file(s3._version_disk_path(name, key, version["version_id"]) or "")
            return original(bucket, name, key, version)

        return version_body

    def noting_version(original: Callable) -> Callable:
        def entry(record: dict, version_id: str, data: Any) -> dict:
            # It is on the disk: as the object itself until that is replaced, then as its version.
            return original(record, version_id, None if isinstance(data, FileBody) else data)

        return entry

    replace(app, "_read_request_body", reading)
    replace(app, "_send_response", sending)
    replace(s3, "handle_request", handling)
    replace(s3, "_atomic_write", storing)
    replace(s3, "_compute_s3_checksum", checksumming)
    replace(s3, "_read_body", reading_stored)
    replace(s3, "_version_body", reading_version)
    replace(s3, "_version_entry_from_record", noting_version)
    replace(
        s3,
        "md5_hash",
        lambda original: lambda body: md5(body).hexdigest() if isinstance(body, FileBody) else original(body),
    )
    s3.hashlib = Hashlib()
    s3.joined = joined
    # The parts are joined in the middle of a function of 200 lines.
    source = inspect.getsource(s3._complete_multipart_upload)
    changed = source.replace('b"".join(combined_parts)', "joined(combined_parts)")
    if changed == source:
        raise RuntimeError("this version of ministack joins the parts of an object in another way")
    exec(compile(changed, s3.__file__, "exec"), vars(s3))


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


def with_bodies(inner: Callable) -> Callable:
    """The ASGI app with the request at hand where its body is read, and S3's answer when the disk is full."""

    async def wrapped(scope: dict, receive: Callable, send: Callable) -> None:
        scope_of_request.set(scope)
        started = False

        async def sending(message: dict) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await inner(scope, receive, sending)
        except OSError as error:
            if started or scope["type"] != "http":
                raise
            text = f"<Error><Code>InternalError</Code><Message>The local S3 cannot keep it: {error.strerror}</Message></Error>"
            headers = [(b"content-type", b"application/xml"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 500, "headers": headers})
            await send({"type": "http.response.body", "body": text.encode()})

    return wrapped
