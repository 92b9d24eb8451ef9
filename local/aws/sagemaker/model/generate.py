"""Writes sagemaker.generated.json and logs.generated.json: the shapes of the operations served here.

Run it with a Python that has botocore, for example the training environment's:
    python local/aws/sagemaker/model/generate.py
"""

import json
from pathlib import Path

import botocore
from botocore.loaders import Loader

HERE = Path(__file__).parent
SAGEMAKER = (
    "AddTags",
    "CreateEndpoint",
    "CreateEndpointConfig",
    "CreateModel",
    "CreateTrainingJob",
    "DeleteEndpoint",
    "DeleteEndpointConfig",
    "DeleteModel",
    "DeleteTags",
    "DeleteTrainingJob",
    "DescribeEndpoint",
    "DescribeEndpointConfig",
    "DescribeModel",
    "DescribeTrainingJob",
    "ListEndpointConfigs",
    "ListEndpoints",
    "ListModels",
    "ListTags",
    "ListTrainingJobs",
    "StopTrainingJob",
    "UpdateEndpoint",
    "UpdateEndpointWeightsAndCapacities",
    "UpdateTrainingJob",
)
LOGS = (
    "AssociateKmsKey",
    "CreateLogGroup",
    "CreateLogStream",
    "DeleteLogGroup",
    "DeleteLogStream",
    "DeleteRetentionPolicy",
    "DescribeLogGroups",
    "DescribeLogStreams",
    "DisassociateKmsKey",
    "FilterLogEvents",
    "GetLogEvents",
    "ListTagsForResource",
    "ListTagsLogGroup",
    "PutLogEvents",
    "PutRetentionPolicy",
    "TagLogGroup",
    "TagResource",
    "UntagLogGroup",
    "UntagResource",
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


def write(service: str, operations: tuple[str, ...], target: Path) -> None:
    """Reads the newest model of a service in the installed botocore and writes the compact file."""
    model = Loader().load_service_model(service, "service-2")
    found: dict = {}
    inputs = {name: model["operations"][name]["input"]["shape"] for name in operations}
    for name in inputs.values():
        reachable(model["shapes"], name, found)
    content = {
        "source": f"botocore {botocore.__version__} {service} service-2.json",
        "operations": inputs,
        "shapes": dict(sorted(found.items())),
    }
    target.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    write("sagemaker", SAGEMAKER, HERE / "sagemaker.generated.json")
    write("logs", LOGS, HERE.parents[1] / "logs" / "model" / "logs.generated.json")
