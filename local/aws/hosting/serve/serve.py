"""The model server of one instance of an endpoint: AWS's own handler of its PyTorch inference images over HTTP.

In the image TorchServe, which needs Java, stands between the two: it starts the handler in a worker, hands it one
request after the other, and answers /ping and /invocations. This does the same on a unix socket, whose path is the one
argument, and which is there once the model is loaded: before, and where the script fails to load it, nobody answers.
"""

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

MODEL_DIR = Path(os.environ["SAGEMAKER_BASE_DIR"]) / "model"
CODE_DIR = MODEL_DIR / "code"
CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
# Connections that wait for their turn.
BACKLOG = 128


class Properties:
    """What a handler asks of one request (TorchServe's RequestProcessor)."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.answer: dict[str, str] = {}
        self.status, self.phrase = 200, "OK"

    def get_request_properties(self) -> dict[str, str]:
        return self.headers

    def get_request_property(self, key: str) -> str | None:
        return self.headers.get(key)


class Context:
    """What a handler finds in TorchServe's context."""

    def __init__(self, model_dir: str) -> None:
        self.model_name = "model"
        self.manifest: dict = {}
        self.system_properties = {"model_dir": model_dir, "gpu_id": None, "batch_size": 1, "server_name": "MMS"}
        self.request_processor = [Properties({})]
        self.request_ids: dict = {}

    def set_response_content_type(self, idx: int, value: str) -> None:
        self.set_response_header(idx, "content-type", value)

    def get_response_content_type(self, idx: int) -> str | None:
        return self.request_processor[idx].answer.get("content-type")

    def set_response_status(self, code: int = 200, phrase: str = "", idx: int = 0) -> None:
        self.request_processor[idx].status, self.request_processor[idx].phrase = int(code), phrase

    def set_response_header(self, idx: int, key: str, value: str) -> None:
        self.request_processor[idx].answer[key] = value

    def get_response_headers(self, idx: int) -> dict[str, str]:
        return self.request_processor[idx].answer

    def get_request_header(self, idx: int, key: str, exp: str | None = None) -> str | None:
        return self.request_processor[idx].headers.get(key)

    def get_all_request_header(self, idx: int) -> dict[str, str]:
        return self.request_processor[idx].headers


def install_requirements() -> None:
    """Installs what the model's code needs, as the image does before it serves."""
    requirements = CODE_DIR / "requirements.txt"
    if not requirements.exists():
        return
    print("installing packages from requirements.txt...", flush=True)
    if subprocess.run([sys.executable, "-m", "pip", "install", "-r", str(requirements)]).returncode != 0:
        sys.exit("failed to install required packages, exiting")


class Model:
    """The handler with the model that it has loaded. It takes one request at a time, as a worker does in the image."""

    def __init__(self) -> None:
        from sagemaker_pytorch_serving_container.handler_service import HandlerService

        self.context = Context(str(MODEL_DIR))
        self.handler = HandlerService()
        self.handler.initialize(self.context)
        self.turn = threading.Lock()

    def invoke(self, body: bytes, headers: dict[str, str]) -> tuple[Properties, bytes]:
        with self.turn:
            properties = Properties(headers)
            self.context.request_processor = [properties]
            try:
                answer = self.handler.handle([{"body": body}], self.context)[0]
            except BaseException as error:  # a script that calls sys.exit, too
                traceback.print_exc()
                properties.status, properties.phrase = 500, "Internal Server Error"
                answer = str(error)
        if properties.status >= 400:
            print(answer, flush=True)  # where whoever reads the endpoint's log finds it
        return properties, to_bytes(answer)


def to_bytes(answer: object) -> bytes:
    if isinstance(answer, (bytes, bytearray)):
        return bytes(answer)
    return (answer if isinstance(answer, str) else json.dumps(answer)).encode()


class Handler(BaseHTTPRequestHandler):
    """GET /ping and POST /invocations, as SageMaker asks them."""

    protocol_version = "HTTP/1.1"
    model: Model

    def do_GET(self) -> None:
        found = self.path == "/ping"
        self.answer(200 if found else 404, {"content-type": "application/json"}, b'{"status": "Healthy"}')

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        properties, answer = self.model.invoke(body, dict(self.headers.items()))
        kept = {key: properties.answer[key] for key in properties.answer if key.lower() != "content-length"}
        self.answer(properties.status, kept, answer)
        print(f'ACCESS_LOG - "POST {self.path} {self.protocol_version}" {properties.status}', flush=True)

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing of each ping."""


class UnixServer(socketserver.ThreadingMixIn, HTTPServer):
    address_family = socket.AF_UNIX
    daemon_threads = True
    request_queue_size = BACKLOG

    def server_bind(self) -> None:
        """Without the name and port that HTTPServer looks up."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", 0


def hide_own_directory() -> None:
    """Keeps the files beside this one from being importable by the model's code, whose folder comes first."""
    own = str(Path(__file__).parent)
    sys.path[:] = [str(CODE_DIR), *(entry for entry in sys.path if entry != own)]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(CODE_DIR), os.environ.get("PYTHONPATH")]))


def main() -> None:
    """Loads the model, then answers until it is ended."""
    hide_own_directory()
    install_requirements()
    Handler.model = Model()
    with UnixServer(sys.argv[1], Handler) as server:
        print("the model is loaded", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
