"""Write apiModel.generated.json: what botocore knows about the request of CreateTrainingJob.

Run it with any Python that has botocore (the training environment does):

    python components/trainingJob/model/generate_api_model.py > components/trainingJob/model/apiModel.generated.json

The table keeps botocore's shapes as they are (type, min, max, pattern, enum, required, members), without the
documentation and without the shapes that the request does not reach. A unit test runs this script again and
compares, so that a new limit, field or instance type of the API is seen.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import botocore
import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

OPERATION = "CreateTrainingJob"


def describe(shape: Shape) -> dict[str, Any]:
    """The limits of one shape, with the names (not the content) of the shapes inside it."""
    entry: dict[str, Any] = {"type": shape.type_name}
    for key in ("min", "max", "pattern", "enum"):
        if key in shape.metadata:
            entry[key] = shape.metadata[key]
    if isinstance(shape, StructureShape):
        if shape.required_members:
            entry["required"] = list(shape.required_members)
        entry["members"] = {name: member.name for name, member in shape.members.items()}
    elif isinstance(shape, ListShape):
        entry["member"] = shape.member.name
    elif isinstance(shape, MapShape):
        entry["key"] = shape.key.name
        entry["value"] = shape.value.name
    return entry


def inner(shape: Shape) -> list[Shape]:
    """The shapes directly inside a shape."""
    if isinstance(shape, StructureShape):
        return list(shape.members.values())
    if isinstance(shape, ListShape):
        return [shape.member]
    if isinstance(shape, MapShape):
        return [shape.key, shape.value]
    return []


def build() -> dict[str, Any]:
    """The table of every shape that the request reaches."""
    service = botocore.session.get_session().get_service_model("sagemaker")
    root = service.operation_model(OPERATION).input_shape
    shapes: dict[str, dict[str, Any]] = {}
    todo: list[Shape] = [root]
    while todo:
        shape = todo.pop()
        if shape.name not in shapes:
            shapes[shape.name] = describe(shape)
            todo.extend(inner(shape))
    return {
        "source": f"botocore {botocore.__version__} {service.service_name} {service.api_version} {OPERATION}",
        "root": root.name,
        "shapes": dict(sorted(shapes.items())),
    }


if __name__ == "__main__":
    json.dump(build(), sys.stdout, indent=1)
    sys.stdout.write("\n")
