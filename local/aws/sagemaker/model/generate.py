"""Writes sagemaker.generated.json: the shapes of the SageMaker operations served here.

Run it with a Python that has botocore, for example the training environment's:
    python local/aws/sagemaker/model/generate.py
"""

import json
from pathlib import Path

import botocore
from botocore.loaders import Loader

OPERATIONS = (
    "AddTags",
    "CreateTrainingJob",
    "DeleteTags",
    "DeleteTrainingJob",
    "DescribeTrainingJob",
    "ListTags",
    "ListTrainingJobs",
    "StopTrainingJob",
    "UpdateTrainingJob",
)
CONSTRAINTS = ("type", "required", "enum", "min", "max", "pattern")


def reachable(shapes: dict, name: str, found: dict) -> None:
    """Copies a shape and all that it refers to into `found`, without the documentation."""
    if name in found:
        return
    shape = shapes[name]
    found[name] = {key: shape[key] for key in CONSTRAINTS if key in shape}
    for part in ("member", "key", "value"):
        if part in shape:
            found[name][part] = shape[part]["shape"]
            reachable(shapes, shape[part]["shape"], found)
    if "members" in shape:
        found[name]["members"] = {key: value["shape"] for key, value in shape["members"].items()}
        for target in found[name]["members"].values():
            reachable(shapes, target, found)


def main() -> None:
    """Reads the newest service model of the installed botocore and writes the compact file."""
    model = Loader().load_service_model("sagemaker", "service-2")
    found: dict = {}
    inputs = {name: model["operations"][name]["input"]["shape"] for name in OPERATIONS}
    for name in inputs.values():
        reachable(model["shapes"], name, found)
    content = {
        "source": f"botocore {botocore.__version__} sagemaker service-2.json",
        "operations": inputs,
        "shapes": dict(sorted(found.items())),
    }
    target = Path(__file__).with_name("sagemaker.generated.json")
    target.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
