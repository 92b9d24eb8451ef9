"""The model directory: what SageMaker packs into model.tar.gz."""

import json
import shutil
from pathlib import Path
from typing import Any

import torch

from network import CLASSES_FILE, WEIGHTS_FILE

METRICS_FILE = "metrics.json"
# Copied to code/, where the PyTorch inference container looks for inference.py and its requirements.
SERVING_FILES = ("inference.py", "images.py", "network.py", "errors.py", "requirements.txt")


def snapshot(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """A copy of the weights on the CPU that later training steps do not touch."""
    return {name: value.detach().to("cpu", copy=True).contiguous() for name, value in module.state_dict().items()}


def write_model(model_dir: Path, weights: dict[str, torch.Tensor], classes: list[str], image_size: int) -> None:
    model_dir.mkdir(parents=True, exist_ok=True)
    replace(model_dir / WEIGHTS_FILE, lambda part: torch.save(weights, part))
    write_json(model_dir / CLASSES_FILE, {"classes": classes, "image_size": image_size})
    code_dir = model_dir / "code"
    code_dir.mkdir(exist_ok=True)
    for name in SERVING_FILES:
        shutil.copyfile(Path(__file__).with_name(name), code_dir / name)


def write_json(path: Path, value: Any) -> None:
    replace(path, lambda part: part.write_text(json.dumps(value, indent=2) + "\n"))


def replace(path: Path, write) -> None:  # noqa: ANN001
    """Write beside the file, then rename: a kill at any moment leaves the old file or the new one."""
    part = path.with_name(f".{path.name}.part")
    write(part)
    part.replace(path)
