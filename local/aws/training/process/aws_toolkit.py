"""Loads AWS's own training toolkit, the entry point of its PyTorch images, in a fraction of the time it takes.

The toolkit loads clients of S3 and SSH and looks for accelerators again and again before it starts a script that, as a
rule, needs neither. What it does and what it logs stay the same.
"""

import contextlib
import importlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

# Of a job these need them: one whose code the toolkit downloads itself, one that runs over MPI.
RARELY_USED = ("boto3", "boto3.s3", "boto3.s3.transfer", "paramiko", "psutil")


class StandIn(ModuleType):
    """Takes the place of a module and loads it when something of it is used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


@contextlib.contextmanager
def stand_ins(names: tuple[str, ...]) -> Iterator[None]:
    """Whoever imports one of these modules meanwhile gets a stand-in; everybody else, and later, the module itself."""
    made = {name: StandIn(name) for name in names}
    for name, module in made.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, module)
    sys.modules.update(made)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


class ConfiguredRegion:
    """boto3.session for the one thing that is asked of it, the region: a job's files of settings are closed."""

    class Session:
        @property
        def region_name(self) -> str | None:
            return os.environ.get("AWS_DEFAULT_REGION") or None


def once(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Asks the machine each question once. The toolkit asks four times; nvidia-smi alone may take a second."""
    answers: dict[tuple[str, ...], tuple[Any, Exception | None]] = {}

    def remember(command: list[str], **options: Any) -> Any:
        key = tuple(command)
        if key not in answers:
            try:
                answers[key] = (ask(command, **options), None)
            except (OSError, subprocess.CalledProcessError) as error:
                answers[key] = (None, error)
        answer, error = answers[key]
        if error is not None:
            raise error
        return answer

    return remember


def set_torch_version() -> None:
    """Does what the toolkit does by importing torch, which takes seconds and a lot of memory per job."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return
    version_file = Path(spec.origin).with_name("version.py")
    found = re.search(r"__version__ = '([^']+)'", version_file.read_text())
    if found:
        os.environ["SM_DLC_TORCH_VERSION"] = found.group(1)


def load() -> Callable[[], None]:
    """Loads the toolkit and returns its main function."""
    with stand_ins(RARELY_USED):
        from sagemaker_pytorch_container import training
        from sagemaker_training import environment
        from sagemaker_training.cli.train import main

    environment.boto3 = SimpleNamespace(session=ConfiguredRegion)
    environment.subprocess = SimpleNamespace(
        check_output=once(subprocess.check_output),
        run=once(subprocess.run),
        CalledProcessError=subprocess.CalledProcessError,
    )
    training._set_torch_version_environment = set_torch_version
    return main
