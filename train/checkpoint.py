"""A checkpoint file per finished epoch, of which the last two stay; SageMaker copies their folder to and from S3.

Nothing random is stored: the order of the images and every random number follow from the seed and the epoch, and
the learning rate from the progress, so a resumed run repeats exactly what the uninterrupted one would have done.
"""

import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from errors import InputError

log = logging.getLogger("train")

KEPT = 2  # files: one that was cut off while it was written leaves the one before


@dataclass
class Checkpoint:
    settings: dict[str, Any]
    epoch: int  # finished epochs
    model: dict[str, torch.Tensor]
    optimizer: dict[str, Any]
    best_model: dict[str, torch.Tensor]
    best: dict[str, Any]  # metrics of best_model
    scaler: dict[str, Any]  # of fp16, else empty


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Under its own name from the start: a part file would be copied to S3 too. asdict() would copy every tensor.
    torch.save(vars(checkpoint), folder / f"epoch-{checkpoint.epoch:06d}.pt")
    for old in files(folder)[KEPT:]:
        old.unlink()


def read_checkpoint(folder: Path) -> bytes | None:
    """The newest that can be read, as bytes to hand to other processes; None where there is none at all."""
    found = files(folder)
    for path in found:
        try:
            data = path.read_bytes()
            parse_checkpoint(data)
            return data
        except Exception as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            log.warning("cannot read the checkpoint %s, which was cut off: %s", path, reason)
    if found:
        raise InputError(
            f"no checkpoint in {folder} can be read: empty it, or its S3 location, to start from the beginning"
        )
    return None


def parse_checkpoint(data: bytes) -> Checkpoint:
    return Checkpoint(**torch.load(io.BytesIO(data), map_location="cpu", weights_only=True))


def files(folder: Path) -> list[Path]:
    """Newest first; names sort as their epochs do."""
    return sorted(folder.glob("epoch-*.pt"), reverse=True)


def check_settings(checkpoint: Checkpoint, settings: dict[str, Any]) -> None:
    """Refuse a checkpoint of another network, data set or setting. More epochs than before go on."""
    before = checkpoint.settings | {"epochs": max(checkpoint.epoch, settings["epochs"])}
    changed = [f"{name}: {before.get(name)} -> {now}" for name, now in settings.items() if before.get(name) != now]
    if changed:
        raise InputError(
            f"the checkpoint belongs to another training ({'; '.join(changed)}): use another checkpoint location"
        )
