"""Object bodies that are files: ministack holds each in memory, several times over; here they are never read whole.

A body that is put goes to a file while it comes in, and its digests are made on the way. What ministack then handles is
a `FileBody`: to code that does not know of it, an empty `bytes` of the right length; the few places of ministack that
read, cut, join, hash, store or send a body are replaced by `install` with ones that know of it. They are those of the
version that the lock file names.
"""

import base64
import contextvars
import inspect
import re
import tempfile
from asyncio import to_thread
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aws_chunked import ChunkDecoder
from file_body import BLOCK, PREFIX, RUNNING, SMALL, FileBody, Hashlib, Spool, from_file, join_files, md5
from ministack import app
from ministack.services import s3

# What an S3 URL may say beside the object, when the body is the object or a part of it.
PLAIN_QUERY = re.compile(r"x-id|partNumber|uploadId|x-amz-.*", re.IGNORECASE)

scope_of_request: contextvars.ContextVar[dict] = contextvars.ContextVar("scope_of_request")
prepared_join: contextvars.ContextVar[tuple[list, "FileBody"] | None] = contextvars.ContextVar("prepared", default=None)


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
    # Parts are many: they are always files.
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
        ) -> tuple:
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
            Path(f"{path}.tmp").replace(path)

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
            return from_file(path) if path and Path(path).is_file() else original(bucket, key, record)

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
            reason = f"The local S3 cannot keep it: {error.strerror}"
            text = f"<Error><Code>InternalError</Code><Message>{reason}</Message></Error>"
            headers = [(b"content-type", b"application/xml"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 500, "headers": headers})
            await send({"type": "http.response.body", "body": text.encode()})

    return wrapped
