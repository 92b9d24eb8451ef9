"""Serves ministack on a unix socket, in this process, and ends when its parent is gone.

ministack writes its state (roles, metrics ...) when it is stopped. Here it also writes it while it
runs, soon after a change, so that a crash or a power cut costs seconds and not everything.
"""

import asyncio
import os
import resource
import shutil
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import alarms
import bodies
import managed_policies
import notifications
import simulate
from authorize import QUESTIONS, with_questions
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core.persistence import save_all

# An object has at most 10,000 parts; macOS gives no process more than 10,240 files.
OPEN_FILES = 10_240
PARENT_POLL_SECONDS = 1.0
SAVE_SECONDS = 1.0
# Metrics grow: they are written less often, and take at most this share of the time.
GROWING = ("cloudwatch",)
GROWING_SIGNATURE = b"/monitoring/aws4_request"
GROWING_SAVE_SECONDS = 10.0
GROWING_SHARE = 0.02


class SavingApp:
    """ministack's application, with its state written after calls that may have changed it."""

    def __init__(self) -> None:
        self.changed = False
        self.growing_changed = False
        self.next_growing_save = 0.0

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable[..., Awaitable]) -> None:
        await ministack.app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            signature = dict(scope["headers"]).get(b"authorization", b"")
            if GROWING_SIGNATURE in signature:
                self.growing_changed = True
            else:
                self.changed = True

    async def keep_saving(self) -> None:
        """Looks once a second; never returns."""
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            if self.changed:
                self.changed = False
                self.save(growing=False)
            if self.growing_changed and time.monotonic() >= self.next_growing_save:
                self.growing_changed = False
                seconds = self.save(growing=True)
                self.next_growing_save = time.monotonic() + max(GROWING_SAVE_SECONDS, seconds / GROWING_SHARE)

    async def keep_looking(self) -> None:
        """Moves the alarms that time moves; never returns."""
        while True:
            await asyncio.sleep(alarms.LOOK_SECONDS)
            self.growing_changed = alarms.look() or self.growing_changed

    def save(self, *, growing: bool) -> float:
        """Writes one of the two kinds of state and returns how many seconds that took."""
        start = time.monotonic()
        services = ministack._build_persistence_save_dict()
        save_all({name: get for name, get in services.items() if (name in GROWING) == growing})
        return time.monotonic() - start


def end_with_parent(parent: int) -> None:
    """Asks this process to stop gracefully, which saves the state, once its parent has died."""
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def allow_open_files() -> None:
    """Every part of an object that is being uploaded is an open file: as many as the system lets a process have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def run(config: Config) -> None:
    """Serves until SIGTERM."""
    app = SavingApp()
    work = [asyncio.create_task(app.keep_saving()), asyncio.create_task(app.keep_looking())]
    questions = QUESTIONS | {"/_local/event": notifications.put_event}
    await serve(bodies.with_bodies(with_questions(app, questions)), config)
    for each in work:
        each.cancel()


def main(socket: str) -> None:
    """Serves until SIGTERM, or until the parent is gone."""
    parent = os.getppid()
    threading.Thread(target=end_with_parent, args=[parent], daemon=True).start()
    alarms.install()
    managed_policies.install()
    simulate.install()
    bodies.install()
    notifications.install(Path(os.environ["MAIL_DIR"]))
    allow_open_files()
    config = Config()
    config.bind = [f"unix:{socket}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    config.umask = 0o077
    config.loglevel = "WARNING"
    asyncio.run(run(config))
    if os.getppid() != parent:
        # Who made the socket's directory is no longer there to remove it.
        shutil.rmtree(Path(socket).parent, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
