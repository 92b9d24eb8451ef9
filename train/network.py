"""The network, and reading it back from a model directory."""

import json
from pathlib import Path

import torch
from monai.networks.nets import DenseNet121

WEIGHTS_FILE = "model.pth"
CLASSES_FILE = "classes.json"


def build_network(num_classes: int) -> torch.nn.Module:
    return DenseNet121(spatial_dims=2, in_channels=1, out_channels=num_classes)


def load_network(model_dir: Path, device: torch.device) -> tuple[torch.nn.Module, list[str], int]:
    """The trained network in evaluation mode, its class names in output order, and its image size in pixels."""
    description = json.loads((model_dir / CLASSES_FILE).read_text())
    network = build_network(len(description["classes"]))
    network.load_state_dict(torch.load(model_dir / WEIGHTS_FILE, map_location="cpu", weights_only=True))
    return network.to(device).eval(), description["classes"], description["image_size"]
