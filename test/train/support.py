"""Tiny channels, and train.py run in this process or in one of its own."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

TRAIN_DIR = Path(__file__).resolve().parents[2] / "train"
sys.path.insert(0, str(TRAIN_DIR))

CLASSES = ["a", "b", "c", "d", "e", "f"]
SIZE = 32


def make_channel(folder: Path, per_class: int, classes: list[str] = CLASSES, seed: int = 0) -> Path:
    """Class k is a bright bar at the k-th place, in noise."""
    random = np.random.default_rng(seed)
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        for image in range(per_class):
            pixels = random.integers(0, 60, (SIZE, SIZE), dtype=np.uint8)
            pixels[number * 5 : number * 5 + 4] += 150
            Image.fromarray(pixels).save(folder / name / f"{image}.png")
    return folder


def command(root: Path, *extra: str) -> list[str]:
    """Arguments for the channels in `root`, writing to `root/model`."""
    fixed = {"train": root / "train", "val": root / "val", "image_size": SIZE, "batch_size": 8, "lr": 1e-3}
    return [part for name, value in fixed.items() for part in (f"--{name}", str(value))] + list(extra)


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without what SageMaker or torchrun would set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SM_", "SAGEMAKER_"))}
    return kept | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"} | extra


def start(arguments: list[str], **env: str) -> subprocess.Popen[str]:
    return popen([sys.executable, str(TRAIN_DIR / "train.py"), *arguments], **env)


def popen(call: list[str], **env: str) -> subprocess.Popen[str]:
    env = environment(**env)
    return subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)


# One process is what several are only where batch norm sees no batch and no optimizer blows up small differences.
FROZEN = """
import contextlib, torch
torch.autocast = lambda *_, **__: contextlib.nullcontext()
torch.nn.BatchNorm2d.train = lambda self, mode=True: torch.nn.Module.train(self, False)
torch.optim.Adam = lambda parameters, lr, fused: torch.optim.SGD(parameters, lr)
"""
# Processes meet in a file: a free port may be taken before they open it.
MEET = """
import os, torch.distributed as dist
def join(backend, init=dist.init_process_group):
    place = {name: int(os.environ[variable]) for name, variable in (("rank", "RANK"), ("world_size", "WORLD_SIZE"))}
    init(backend, init_method="file://" + os.environ["MEETING"], **place)
dist.init_process_group = join
"""
RUN = """
import runpy, sys
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def start_prepared(prepare: str, script: str, arguments: list[str], **env: str) -> subprocess.Popen[str]:
    return popen([sys.executable, "-c", prepare + MEET + RUN, str(TRAIN_DIR / script), *arguments], **env)


def place(rank: int, meeting: Path) -> dict[str, str]:
    """The variables of one of two processes."""
    names = {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": "0"}
    return names | {"MEETING": str(meeting), "GLOO_SOCKET_IFNAME": "lo"}


def largest_difference(weights: dict[str, torch.Tensor], others: dict[str, torch.Tensor]) -> float:
    return max(
        (value - others[name]).abs().max().item() for name, value in weights.items() if value.is_floating_point()
    )


def said(output: str) -> list[str]:
    """Without what gloo says of itself from torch 2.7 on."""
    return [line for line in output.splitlines() if not line.startswith("[Gloo]")]


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=600)
    return process.returncode, output


def wait_for(process: subprocess.Popen[str], text: str) -> str:
    """Read the output up to the first line with `text`."""
    seen = ""
    for line in process.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"the process ended without printing {text!r}:\n{seen}")


def run_here(arguments: list[str]) -> tuple[int, str]:
    """train.main in this process; its exit status and what it printed."""
    import train

    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        return train.main(arguments), output.getvalue()


def epochs_in(output: str) -> list[int]:
    return [int(line.split()[0].split("=")[1]) for line in output.splitlines() if line.startswith("epoch=")]


def done_before(first: str, second: str, epochs: int) -> int:
    """Epochs that a killed run had done, by its output and the next run's; none is done twice or left out."""
    # One may be saved, and the process killed before it says so.
    done = epochs - len(epochs_in(second))
    assert epochs_in(first) in (list(range(1, done + 1)), list(range(1, done))), first + second
    assert epochs_in(second) == list(range(done + 1, epochs + 1)), first + second
    return done


def final_accuracy(output: str) -> float:
    (line,) = [line for line in output.splitlines() if line.startswith("final ")]
    return float(line.split("val_accuracy=")[1].split()[0])


def read_metrics(model_dir: Path) -> dict:
    return json.loads((model_dir / "metrics.json").read_text())
