"""Serving: the four functions that the SageMaker PyTorch inference container calls.

Request: one image as `image/png`, `image/jpeg` or `application/x-image`, or several as JSON
`{"images": ["<base64>", ...]}`. Answer: JSON, one entry per image, with the label and every class's probability.
"""

import base64
import binascii
import json
from pathlib import Path
from typing import Any

import torch

from errors import InputError
from images import read_image
from network import load_network

IMAGE_TYPES = {"image/png", "image/jpeg", "image/jpg", "application/x-image", "application/octet-stream"}
JSON_TYPE = "application/json"

Model = tuple[torch.nn.Module, list[str], int]


def model_fn(model_dir: str) -> Model:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return load_network(Path(model_dir), device)


def input_fn(body: bytes | str, content_type: str) -> list[bytes]:
    """The images' bytes; they are decoded in predict_fn, where the model's image size is known."""
    kind = content_type.split(";")[0].strip().lower()
    if kind in IMAGE_TYPES:
        return [bytes(body)]
    if kind == JSON_TYPE:
        try:
            return [base64.b64decode(image, validate=True) for image in json.loads(body)["images"]]
        except (KeyError, TypeError, binascii.Error, json.JSONDecodeError) as error:
            raise InputError('the JSON body must be {"images": ["<base64>", ...]}') from error
    raise InputError(f"content type {content_type} is not supported: {', '.join(sorted({*IMAGE_TYPES, JSON_TYPE}))}")


@torch.inference_mode()
def predict_fn(images: list[bytes], model: Model) -> list[dict[str, Any]]:
    network, classes, image_size = model
    if not images:
        return []
    batch = torch.stack([read_image(image, image_size) for image in images])
    probabilities = network(batch.to(next(network.parameters()).device)).softmax(dim=1).cpu().tolist()
    return [describe(row, classes) for row in probabilities]


def describe(row: list[float], classes: list[str]) -> dict[str, Any]:
    label, probability = max(zip(classes, row, strict=True), key=lambda pair: pair[1])
    return {"label": label, "probability": probability, "probabilities": dict(zip(classes, row, strict=True))}


def output_fn(prediction: list[dict[str, Any]], accept: str) -> str:
    if not {kind.split(";")[0].strip() for kind in accept.split(",")} & {JSON_TYPE, "application/*", "*/*", ""}:
        raise InputError(f"accept type {accept} is not supported: {JSON_TYPE}")
    return json.dumps(prediction)
