"""A model directory as others see it: loaded and counted with as little of the training code as can be."""

import importlib.util
import io
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from monai.networks.nets import DenseNet121

import support  # noqa: F401 - makes train/ importable
from data import list_channel
from support import CLASSES, SIZE


def load_model(model_dir: Path) -> torch.nn.Module:
    network = DenseNet121(spatial_dims=2, in_channels=1, out_channels=6)
    network.load_state_dict(torch.load(model_dir / "model.pth", weights_only=True))
    return network.eval()


def confusion_of(root: Path, network: torch.nn.Module) -> list[list[int]]:
    """Counted one image at a time, with nothing of the training code but the file list and the preprocessing."""
    counts = [[0] * 6 for _ in CLASSES]
    with torch.no_grad():
        for tensor, label in list_channel(root / "val", "val", SIZE):
            counts[label][network(tensor.unsqueeze(0)).argmax().item()] += 1
    return counts


def npy(array: np.ndarray) -> bytes:
    body = io.BytesIO()
    np.save(body, array)
    return body.getvalue()


def load_serving_code(model_dir: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("served_inference", model_dir / "code/inference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
