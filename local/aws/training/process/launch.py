"""Runs one training container's process: the AWS training toolkit, or the job's own entry point.

It does what a container gives for free: all processes of the job end with it, and the toolkit, which does
not forward SIGTERM, outlives the signal so that the script's own handler runs and its last lines are kept.
"""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PARENT_POLL_SECONDS = 1.0
# Many jobs at once must not starve the service that watches them, nor the desktop around them.
NICENESS = 5


def end_with_parent(parent: int) -> None:
    """Kills the job's whole process group once the service that started it has died."""
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os.killpg(0, signal.SIGKILL)


def set_torch_version() -> None:
    """Does what the toolkit does by importing torch, which takes seconds and a lot of memory per job."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return
    version_file = Path(spec.origin).with_name("version.py")
    found = re.search(r"__version__ = '([^']+)'", version_file.read_text())
    if found:
        os.environ["SM_DLC_TORCH_VERSION"] = found.group(1)


def run_toolkit() -> None:
    """The entry point of the AWS PyTorch training image."""
    from sagemaker_pytorch_container import training
    from sagemaker_training.cli.train import main

    training._set_torch_version_environment = set_torch_version
    main()


def hide_own_directory() -> None:
    """Keeps the files beside this one from being importable by the job."""
    own = str(Path(__file__).parent)
    sys.path[:] = [entry for entry in sys.path if entry != own]


def main() -> None:
    """Runs the command in the arguments, or the toolkit when there is none."""
    hide_own_directory()
    os.nice(NICENESS)
    threading.Thread(target=end_with_parent, args=[os.getppid()], daemon=True).start()
    # A handler, unlike SIG_IGN, is not inherited by the script.
    signal.signal(signal.SIGTERM, lambda *_: None)
    command = sys.argv[1:]
    if not command:
        run_toolkit()
    else:
        code = subprocess.run(command).returncode
        sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
