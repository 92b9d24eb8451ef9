"""Runs the processes of one host of a training job, as its container would.

It gives what a container gives for free: whatever the job started ends with it, in whatever session and with
whatever environment, and a stop reaches the script however early it comes. SIGTERM goes to the process group and
asks the job to end; SIGUSR1 comes to this process alone and ends everything at once.
"""

import contextlib
import ctypes
import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

import aws_toolkit

PARENT_POLL_SECONDS = 1.0
# Many jobs at once must not starve the service that watches them, nor the desktop around them. Loading the toolkit is
# not the job's own work yet, and short.
NICENESS = 5
# <linux/prctl.h>: orphans of the job become children of this process instead of the system's first.
PR_SET_CHILD_SUBREAPER = 36
# A process that cannot be killed for so long waits for a device that does not answer.
KILL_SECONDS = 5.0
KILL_POLL_SECONDS = 0.01
# Between asking for a process and having it.
FORK_SECONDS = 0.1
STOPPED = 128 + signal.SIGTERM
# Wait until both the job and what watches over it are ready for them.
HELD = {signal.SIGTERM, signal.SIGUSR1}


def become_subreaper() -> None:
    """Keeps orphans below this process, where the system can: Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_descendants() -> None:
    """Kills everything below this process, also what moved to another session or dropped its environment."""
    import psutil  # main has loaded it

    deadline = time.monotonic() + KILL_SECONDS
    while time.monotonic() < deadline:
        alive = 0
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE:
                    alive += 1
                    process.kill()
        reap()
        if alive == 0:
            return
        time.sleep(KILL_POLL_SECONDS)


def reap() -> None:
    """Forgets the children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass


def end_with_parent(parent: int) -> None:
    """Ends everything once the service that started the job has died."""
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGUSR1)


def supervise(worker: int) -> int:
    """Waits for the job's main process; returns its exit code as a shell would."""
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return 128 + signal.SIGKILL  # taken by end_descendants
        if pid == worker:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


class Stop:
    """What a stop means in the job's main process.

    Before it has started anything: the end. Later the signal has reached the script too, whose own handler runs; the
    toolkit, which does not forward SIGTERM, outlives it so that the script's last lines are kept, and starts no more.
    """

    def __init__(self) -> None:
        self.asked = False
        self.last_start: float | None = None

    def watch(self) -> None:
        """Installs the handler, which unlike SIG_IGN is not inherited by the script."""
        signal.signal(signal.SIGTERM, self.on_signal)
        sys.addaudithook(self.on_event)

    def on_signal(self, *_: object) -> None:
        """Handles SIGTERM."""
        if self.asked:
            return
        self.asked = True
        if self.last_start is None:
            os._exit(STOPPED)
        if time.monotonic() - self.last_start < FORK_SECONDS:
            os.killpg(0, signal.SIGTERM)  # what was just being started may have missed it

    def on_event(self, event: str, _: object) -> None:
        """Sees every process before it is started."""
        if event != "subprocess.Popen":
            return
        if self.asked:
            os._exit(STOPPED)
        self.last_start = time.monotonic()


def run_job(command: list[str]) -> NoReturn:
    """Runs the job's own entry point, or that of the AWS PyTorch training image when there is none."""
    toolkit = None if command else aws_toolkit.load()
    os.nice(NICENESS)
    if toolkit:
        toolkit()
        sys.exit(0)
    try:
        code = subprocess.run(command).returncode
    except OSError as error:
        # As a container's runtime says it, and with a shell's exit codes.
        print(f"exec: {command[0]}: {error.strerror}", file=sys.stderr, flush=True)
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)
    sys.exit(code if code >= 0 else 128 - code)


def hide_own_directory() -> None:
    """Keeps the files beside this one from being importable by the job."""
    own = str(Path(__file__).parent)
    sys.path[:] = [entry for entry in sys.path if entry != own]


def main() -> None:
    """Starts the job as a child, stays above it, and ends what it leaves."""
    parent = os.getppid()
    hide_own_directory()
    become_subreaper()
    Stop().watch()
    # Python forgets what reaches a child in its first moment.
    signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    worker = os.fork()
    if worker == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
        run_job(sys.argv[1:])
    # The group is told by the signal itself, but for one that came before the child was there.
    if signal.SIGTERM in signal.sigpending():
        os.kill(worker, signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: None)
    importlib.import_module("psutil")  # what end_descendants needs; the job starts meanwhile
    signal.signal(signal.SIGUSR1, lambda *_: end_descendants())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
    threading.Thread(target=end_with_parent, args=[parent], daemon=True).start()
    code = supervise(worker)
    end_descendants()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
