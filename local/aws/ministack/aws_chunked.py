"""The aws-chunked encoding of bodies that the AWS SDKs send as a stream."""

import re

from ministack import app


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
        """Puts what the trailer says into the headers; ministack does this part, for an empty body."""
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
