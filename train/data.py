"""Class-per-folder image channels: what is in them, whether it fits the network, and how it is batched."""

import logging
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, DistributedSampler

from errors import InputError
from images import EXTENSIONS, check_image, read_image

log = logging.getLogger("train")


@dataclass(frozen=True)
class ImageFolder(Dataset):
    """The images of one channel; labels are positions in the sorted list of class names."""

    classes: list[str]
    items: list[tuple[Path, int]]
    image_size: int

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        path, label = self.items[index]
        return read_image(path, self.image_size), label


def list_channel(folder: Path, channel: str, image_size: int) -> ImageFolder:
    """List `<folder>/<class>/**/*.{png,jpg,jpeg}`; what is hidden is skipped, what is no image counted."""
    if not folder.is_dir():
        raise InputError(
            f"the {channel} channel is missing: there is no folder {folder}; "
            f"give the job a channel named {channel}, or pass --{channel}"
        )
    entries = visible(folder, "*")
    folders = {entry.name: visible(entry, "**/*") for entry in entries if entry.is_dir()}
    files = [path for path in (*chain(*folders.values()), *entries) if path.is_file()]
    images = {
        name: [p for p in found if p.suffix.lower() in EXTENSIONS and p.is_file()] for name, found in folders.items()
    }
    if others := sorted(set(files) - set(chain(*images.values()))):
        # Half a data set can go missing for the ending of its files' names, or for their place.
        log.warning(
            "the %s channel has %d files that are no png, jpg or jpeg image in a class folder: left out, such as %s",
            *(channel, len(others), others[0].relative_to(folder)),
        )
    if not any(images.values()):
        raise InputError(
            f"the {channel} channel is empty: no png, jpg or jpeg image in {folder}/<class>/; "
            "each class needs a folder of its own"
        )
    if bare := [name for name, found in images.items() if not found]:
        raise InputError(f"the {channel} channel has class folders without an image: {', '.join(bare)}")
    items = [(path, label) for label, found in enumerate(images.values()) for path in found]
    return ImageFolder(list(images), items, image_size)


def visible(folder: Path, pattern: str) -> list[Path]:
    """Without notebooks' checkpoints and macOS's `._*.png`, which look like images."""
    return sorted(path for path in folder.glob(pattern) if "/." not in f"/{path.relative_to(folder).as_posix()}")


def check_images(channel: ImageFolder, rank: int, world_size: int) -> None:
    """Read the headers of this process's share: a broken file ends the job before the first epoch, not after it."""
    for path, _ in channel.items[rank::world_size]:
        check_image(path)


def load_channels(train: Path, val: Path, image_size: int, num_classes: int | None) -> tuple[ImageFolder, ImageFolder]:
    """Both channels, after checking that they agree with each other and with the network's outputs."""
    train_set = list_channel(train, "train", image_size)
    classes = train_set.classes
    if len(classes) < 2:
        raise InputError(f"the train channel has only the class {classes[0]}: at least 2 are needed")
    if num_classes is not None and len(classes) != num_classes:
        raise InputError(
            f"the train channel has {len(classes)} classes ({', '.join(classes)}), but the network has "
            f"{num_classes} outputs: add or remove class folders, or leave num_classes out"
        )
    val_set = list_channel(val, "val", image_size)
    if val_set.classes != classes:
        missing = ", ".join(sorted(set(classes) - set(val_set.classes))) or "none"
        extra = ", ".join(sorted(set(val_set.classes) - set(classes))) or "none"
        raise InputError(f"the classes of val differ from those of train: missing {missing}; only in val {extra}")
    return train_set, val_set


def train_loader(
    dataset: ImageFolder, rank: int, world_size: int, seed: int, **options: Any
) -> tuple[DataLoader, DistributedSampler]:
    """Shuffled batches of this process's share; the order follows from the seed and the sampler's epoch alone."""
    if len(dataset) < 2 * world_size:
        raise InputError(f"{len(dataset)} training images are too few for {world_size} process(es): 2 each at least")
    sampler = DistributedSampler(dataset, world_size, rank, seed=seed)
    # A last batch of one image would fail in batch normalisation: that image waits for another epoch's order.
    bare = len(sampler) % options["batch_size"] == 1
    return DataLoader(dataset, sampler=sampler, drop_last=bare, **options), sampler


def val_loader(dataset: ImageFolder, rank: int, world_size: int, **options: Any) -> DataLoader:
    """This process's share of the images, each image in exactly one share (a DistributedSampler would pad)."""
    return DataLoader(dataset, sampler=range(rank, len(dataset), world_size), **options)
