"""Serving: the four functions that the SageMaker PyTorch inference container calls.

Request: one image as `image/png`, `image/jpeg` or `application/x-image`, several as JSON
`{"images": ["<base64>", ...]}`, or pixels as `application/x-npy`, rows x columns or images x rows x columns. Answer:
JSON, one entry per image with the label and all probabilities, or as `application/x-npy` the probabilities alone,
images x classes. A request that is wrong is answered with 400, 406 or 415.
"""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from images import read_image, to_tensor
from network import load_network

try:
    from sagemaker_inference.errors import BaseInferenceToolkitError
except ModuleNotFoundError:  # outside the container

    class BaseInferenceToolkitError(Exception):
        def __init__(self, status_code: int, message: str, phrase: str) -> None:
            super().__init__(message)
            self.status_code, self.message, self.phrase = status_code, message, phrase


IMAGE_TYPES = ("image/png", "image/jpeg", "image/jpg", "application/x-image", "application/octet-stream")
JSON, NPY = "application/json", "application/x-npy"
# Pillow refuses an image of twice as many pixels, however few bytes it has.
Image.MAX_IMAGE_PIXELS = 12_500_000

MAX_IMAGES = 256  # of a request: what they need in memory does not show in its bytes

Model = tuple[torch.nn.Module, list[str], int]
Picture = bytes | Image.Image


def refuse(status: int, message: str) -> BaseInferenceToolkitError:
    phrases = {400: "Bad Request", 406: "Not Acceptable", 415: "Unsupported Media Type"}
    return BaseInferenceToolkitError(status, message, phrases[status])


def model_fn(model_dir: str) -> Model:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.allow_tf32 = False  # the precision that validation measured in
    return load_network(Path(model_dir), device)


def input_fn(body: bytes | str, content_type: str | None) -> list[Picture]:
    """The images; they become tensors in predict_fn, where the model's image size is known."""
    kind = (content_type or "").split(";")[0].strip().lower()
    try:
        if kind in IMAGE_TYPES:
            return [bytes(body)]
        if kind == JSON:
            return [base64.b64decode(image, validate=True) for image in at_most(json.loads(body)["images"])]
        if kind == NPY:
            pixels = np.load(io.BytesIO(body), allow_pickle=False)
            pixels = at_most(pixels[None] if pixels.ndim == 2 else pixels)
            if pixels.size == 0:
                raise ValueError("there are no pixels")
            return [Image.fromarray(each.astype(np.float32, casting="same_kind")) for each in pixels]
    except Exception as error:
        shape = '{"images": ["<base64>", ...]}' if kind == JSON else "rows x columns or images x rows x columns"
        raise refuse(400, f"the {kind} body must be {shape}: {error}") from error
    raise refuse(415, f"content type {content_type} is not one of {', '.join((*IMAGE_TYPES, JSON, NPY))}")


def at_most(images: Any) -> Any:
    if len(images) > MAX_IMAGES:
        raise ValueError(f"{len(images)} images are more than {MAX_IMAGES}")
    return images


@torch.inference_mode()
def predict_fn(pictures: list[Picture], model: Model) -> list[dict[str, Any]]:
    network, classes, image_size = model
    if not pictures:
        return []
    try:
        tensors = [(read_image if isinstance(each, bytes) else to_tensor)(each, image_size) for each in pictures]
        batch = torch.stack(tensors)
        if not batch.isfinite().all():
            raise ValueError("pixels must be finite numbers")
    except Exception as error:
        raise refuse(400, str(error)) from error
    probabilities = network(batch.to(next(network.parameters()).device)).softmax(dim=1).cpu().tolist()
    return [describe(row, classes) for row in probabilities]


def describe(row: list[float], classes: list[str]) -> dict[str, Any]:
    label, probability = max(zip(classes, row, strict=True), key=lambda pair: pair[1])
    return {"label": label, "probability": probability, "probabilities": dict(zip(classes, row, strict=True))}


def output_fn(prediction: list[dict[str, Any]], accept: str | None) -> tuple[bytes | str, str]:
    """The body and its type, the first that the client accepts."""
    for kind in (part.split(";")[0].strip().lower() for part in (accept or "*/*").split(",")):
        if kind in (JSON, "application/*", "*/*", ""):
            return json.dumps(prediction), JSON
        if kind == NPY:
            body = io.BytesIO()
            np.save(body, np.array([list(each["probabilities"].values()) for each in prediction], dtype=np.float32))
            return body.getvalue(), NPY
    raise refuse(406, f"accept type {accept} is not one of {JSON}, {NPY}")
