"""SageMaker Python SDK v2, unmodified: PyTorchModel.deploy and Predictor.predict; boto3 asks the same endpoint."""

import io
import json
import tarfile
import tempfile
from pathlib import Path

import boto3
import sagemaker
from sagemaker.deserializers import JSONDeserializer
from sagemaker.predictor import Predictor
from sagemaker.pytorch import PyTorchModel
from sagemaker.serializers import JSONSerializer

from support import SDK_CONFIG, make_bucket, make_role, report

BUCKET = make_bucket("hosting-client")
SESSION = sagemaker.Session(default_bucket=BUCKET, sagemaker_config=SDK_CONFIG)
NAME = "hosting-client"
SCRIPT = """
import json, os

def model_fn(model_dir):
    return open(os.path.join(model_dir, "model.pth")).read()

def input_fn(body, content_type):
    return json.loads(body)

def predict_fn(data, model):
    if data == "fail":
        raise ValueError("no such slice")
    return {"model": model, "data": data}

def output_fn(prediction, accept):
    return json.dumps(prediction), "application/json"
"""


def upload_weights():
    """A model.tar.gz without code, as the SDK repacks it with the script."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("model.pth")
        entry.size = len(b"weights")
        archive.addfile(entry, io.BytesIO(b"weights"))
    boto3.client("s3").put_object(Bucket=BUCKET, Key="weights/model.tar.gz", Body=packed.getvalue())
    return f"s3://{BUCKET}/weights/model.tar.gz"


def main():
    folder = Path(tempfile.mkdtemp())
    (folder / "inference.py").write_text(SCRIPT)
    model = PyTorchModel(
        model_data=upload_weights(),
        role=make_role("hosting-client"),
        entry_point="inference.py",
        source_dir=str(folder),
        framework_version="2.4.0",
        py_version="py311",
        sagemaker_session=SESSION,
    )
    # The SDK looks every 30 seconds; a waiter of boto3 may look more often.
    model.deploy(initial_instance_count=1, instance_type="ml.m5.large", endpoint_name=NAME, wait=False)
    client = boto3.client("sagemaker")
    client.get_waiter("endpoint_in_service").wait(EndpointName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    predictor = Predictor(NAME, SESSION, serializer=JSONSerializer(), deserializer=JSONDeserializer())
    predicted = predictor.predict([1, 2])
    runtime = boto3.client("sagemaker-runtime")
    body = json.dumps("x").encode()
    answer = runtime.invoke_endpoint(EndpointName=NAME, ContentType="application/json", Body=body)
    error = {}
    try:
        runtime.invoke_endpoint(EndpointName=NAME, ContentType="application/json", Body=b'"fail"')
    except runtime.exceptions.ModelError as raised:
        error = {key: raised.response[key] for key in ("OriginalStatusCode", "OriginalMessage", "LogStreamArn")}
    predictor.delete_endpoint()
    client.get_waiter("endpoint_deleted").wait(EndpointName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    report(
        predicted=predicted,
        answered=json.loads(answer["Body"].read()),
        variant=answer["InvokedProductionVariant"],
        error={**error, "OriginalMessage": error["OriginalMessage"].splitlines()[0]},
        configs=client.list_endpoint_configs()["EndpointConfigs"],
    )


main()
