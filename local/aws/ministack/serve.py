"""Serves ministack on a unix socket, in this process, and ends when its parent is gone."""

import asyncio
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app

PARENT_POLL_SECONDS = 1.0


def end_with_parent(parent: int) -> None:
    """Asks this process to stop gracefully, which saves the state, once its parent has died."""
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def main(socket: str) -> None:
    """Serves until SIGTERM."""
    parent = os.getppid()
    threading.Thread(target=end_with_parent, args=[parent], daemon=True).start()
    config = Config()
    config.bind = [f"unix:{socket}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    config.umask = 0o077
    config.loglevel = "WARNING"
    asyncio.run(serve(app, config))
    if os.getppid() != parent:
        # Who made the socket's directory is no longer there to remove it.
        shutil.rmtree(Path(socket).parent, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
