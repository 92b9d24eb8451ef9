"""Make the local stack's data set: six classes of 64x64 grey PNGs of a real brain MRI, without a download.

Source: the MNI152 (2009a, symmetric, 1 mm) T1 template and its grey-matter map, which the nilearn wheel carries.
The classes are the three slice directions of each. It is one averaged brain: enough to show that training works,
not to make a useful model.

    python make_images.py OUT      writes OUT/train/<class>/*.png and OUT/val/<class>/*.png

No leakage from train to val: the slices alternate in blocks (12 train, 4 val) with 3 unused slices, 3 mm, between
them, both modalities in the same blocks; and only one hemisphere gives sagittal slices, because the template is
symmetric, so that a slice's mirror twin would be the same picture.
"""

import argparse
import importlib.util
from pathlib import Path

import nibabel
import numpy as np
from PIL import Image

VOLUMES = {
    "t1": "mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz",
    "gm": "mni_icbm152_gm_tal_nlin_sym_09a_converted.nii.gz",
}
# Axis of the volume and the slices used, in voxels of 1 mm: where the brain fills a good part of the picture.
DIRECTIONS = {"sagittal": (0, range(34, 97)), "coronal": (1, range(42, 192)), "axial": (2, range(26, 141))}
BLOCKS = ("train",) * 12 + (None,) * 3 + ("val",) * 4 + (None,) * 3
IMAGES_PER_CLASS = {"train": 206, "val": 36}
SIZE = 64
CANVAS = 240  # pixels: room for every direction's slice, so that all have the same scale


def volumes_folder() -> Path:
    """Found without importing nilearn, which would need the dependencies that it is installed without."""
    spec = importlib.util.find_spec("nilearn")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("nilearn is not installed in this Python: python -m pip install --no-deps nilearn==0.14.1")
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data"


def split_slices(slices: range, split: str) -> list[int]:
    return [index for position, index in enumerate(slices) if BLOCKS[position % len(BLOCKS)] == split]


def picture(volume: np.ndarray, axis: int, index: int) -> Image.Image:
    """One slice, upright, in the middle of a black square."""
    # A view: take() would first copy the whole volume.
    pixels = np.rot90(np.moveaxis(volume, axis, 0)[index])
    canvas = np.zeros((CANVAS, CANVAS), dtype=np.uint8)
    top, left = ((CANVAS - length) // 2 for length in pixels.shape)
    canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return Image.fromarray(canvas)


def vary(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """What differs between two scans: position, contrast, noise."""
    angle, (right, down) = random.uniform(-20, 20), random.uniform(-10, 10, size=2)
    turned = image.rotate(angle, Image.Resampling.BILINEAR, translate=(right, down))
    small = np.asarray(turned.resize((SIZE, SIZE), Image.Resampling.BOX), dtype=np.float64) / 255
    noisy = small ** random.uniform(0.7, 1.5) + random.normal(0, random.uniform(0.01, 0.05), small.shape)
    return Image.fromarray((noisy.clip(0, 1) * 255).round().astype(np.uint8))


def make_class(out: Path, name: str, volume: np.ndarray, axis: int, slices: range, seed: list[int]) -> None:
    for split_number, (split, count) in enumerate(IMAGES_PER_CLASS.items()):
        folder = out / split / name
        folder.mkdir(parents=True)
        indices = split_slices(slices, split)
        random = np.random.default_rng([*seed, split_number])
        for number in range(count):
            index = indices[number % len(indices)]
            image = vary(picture(volume, axis, index), random)
            image.save(folder / f"{index:03d}-{number // len(indices)}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to make train/ and val/ in")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    for modality_number, (modality, file) in enumerate(VOLUMES.items()):
        volume = np.asanyarray(nibabel.load(volumes_folder() / file).dataobj)
        for direction, (axis, slices) in DIRECTIONS.items():
            make_class(args.out, f"{direction}-{modality}", volume, axis, slices, [args.seed, modality_number, axis])


if __name__ == "__main__":
    main()
