"""From an image file to the network's input: the same few lines for training and for serving."""

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from errors import InputError

EXTENSIONS = {".png", ".jpg", ".jpeg"}
# Pillow's single-channel modes; "I;16" is what a 16-bit grey PNG opens as and must not be squeezed into 8 bits.
GREY_MODES = {"L", "I", "I;16", "F"}


def to_tensor(image: Image.Image, size: int) -> torch.Tensor:
    """A 1 x size x size float tensor, rows first, scaled so that the image's own range becomes 0 to 1."""
    grey = image if image.mode in GREY_MODES else image.convert("L")
    if grey.mode == "I;16":
        grey = grey.convert("I")
    pixels = np.array(grey.convert("F").resize((size, size), Image.Resampling.BILINEAR), dtype=np.float32)
    low, high = float(pixels.min()), float(pixels.max())
    return torch.from_numpy((pixels - low) / max(high - low, 1e-6)).unsqueeze(0)


def read_image(source: Path | bytes, size: int) -> torch.Tensor:
    """Read one image file, or the bytes of one, the way up that its EXIF data says."""
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            return to_tensor(ImageOps.exif_transpose(image), size)
    except Exception as error:  # Pillow's many decoders raise whatever they meet
        name = "the request body" if isinstance(source, bytes) else source
        raise InputError(f"cannot read the image {name}: {error}") from error


def check_image(path: Path) -> None:
    """Read no more than the header."""
    try:
        Image.open(path).close()
    except Exception as error:
        raise InputError(f"cannot read the image {path}: {error}") from error
