"""One checkpoint file, replaced at the end of every epoch; SageMaker copies its folder to and from S3.

Nothing random is stored: the order of the images and every random number follow from the seed and the epoch, and
the learning rate from the progress, so a resumed run repeats exactly what the uninterrupted one would have done.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from artifact import write_torch
from errors import InputError

CHECKPOINT_FILE = "checkpoint.pt"


@dataclass
class Checkpoint:
    settings: dict[str, Any]
    epoch: int  # finished epochs
    model: dict[str, torch.Tensor]
    optimizer: dict[str, Any]
    best_model: dict[str, torch.Tensor]
    best: dict[str, Any]  # metrics of best_model


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Not asdict(): it would deep-copy every tensor.
    write_torch(folder / CHECKPOINT_FILE, vars(checkpoint))


def read_checkpoint(folder: Path) -> bytes | None:
    path = folder / CHECKPOINT_FILE
    return path.read_bytes() if path.is_file() else None


def parse_checkpoint(data: bytes, folder: Path) -> Checkpoint:
    try:
        return Checkpoint(**torch.load(io.BytesIO(data), map_location="cpu", weights_only=True))
    except Exception as error:
        raise InputError(
            f"cannot read the checkpoint {folder / CHECKPOINT_FILE}: {first_line(error)}; "
            "remove it to start from the beginning"
        ) from error


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def check_settings(checkpoint: Checkpoint, settings: dict[str, Any]) -> list[str]:
    """Refuse a checkpoint of another network or data set; return what else differs, as "name: old -> new"."""
    changed = {
        name: f"{name}: {checkpoint.settings.get(name)} -> {value}"
        for name, value in settings.items()
        if checkpoint.settings.get(name) != value
    }
    if fatal := [changed[name] for name in ("classes", "image_size") if name in changed]:
        raise InputError(
            f"the checkpoint belongs to another training ({'; '.join(fatal)}): use another checkpoint location"
        )
    if checkpoint.epoch > settings["epochs"]:
        raise InputError(
            f"the checkpoint has {checkpoint.epoch} finished epochs, more than the {settings['epochs']} asked for: "
            "use another checkpoint location"
        )
    return list(changed.values())
