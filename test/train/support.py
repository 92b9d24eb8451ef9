"""Tiny channels, and train.py run in this process or in one of its own."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
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


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=120)
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


def final_accuracy(output: str) -> float:
    (line,) = [line for line in output.splitlines() if line.startswith("final ")]
    return float(line.split("val_accuracy=")[1].split()[0])


def read_metrics(model_dir: Path) -> dict:
    return json.loads((model_dir / "metrics.json").read_text())
