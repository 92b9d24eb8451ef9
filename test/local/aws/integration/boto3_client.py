"""Uses the local AWS as any program would: boto3, with the keys in the environment. Prints what it saw as JSON.

Usage: boto3_client.py ENDPOINT BUCKET ROLE_ARN
"""

import hashlib
import io
import json
import sys
import tarfile
import time

import boto3

ENDPOINT, BUCKET, ROLE = sys.argv[1:4]
SCRIPT = b"""import os, sys, time
sys.stdout.write("started\\n")
if "--endless" in sys.argv:
    while True:
        time.sleep(0.05)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
"""


def client(service):
    return boto3.client(service, endpoint_url=ENDPOINT, region_name="us-east-1")


S3, SAGEMAKER = client("s3"), client("sagemaker")


def upload_source():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("train.py")
        entry.size = len(SCRIPT)
        archive.addfile(entry, io.BytesIO(SCRIPT))
    S3.put_object(Bucket=BUCKET, Key="boto3/sourcedir.tar.gz", Body=buffer.getvalue())


def create(name, hyperparameters):
    SAGEMAKER.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": "x/pytorch-training:2.4.0", "TrainingInputMode": "File"},
        HyperParameters={
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://{BUCKET}/boto3/sourcedir.tar.gz",
            **hyperparameters,
        },
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/boto3/out"},
        ResourceConfig={"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )


def describe(name):
    return SAGEMAKER.describe_training_job(TrainingJobName=name)


def stop_when_training(name):
    while describe(name)["SecondaryStatus"] != "Training":
        time.sleep(0.05)
    SAGEMAKER.stop_training_job(TrainingJobName=name)


def round_trip(megabytes):
    body = bytes(range(256)) * (4096 * megabytes)
    start = time.monotonic()
    S3.upload_fileobj(io.BytesIO(body), BUCKET, "boto3/big")
    seconds = time.monotonic() - start
    received = io.BytesIO()
    S3.download_fileobj(BUCKET, "boto3/big", received)
    same = hashlib.sha256(received.getvalue()).digest() == hashlib.sha256(body).digest()
    return {"same": same, "megabytesPerSecond": megabytes / seconds}


def main():
    upload_source()
    create("boto3-done", {})
    create("boto3-stopped", {"endless": ""})
    stop_when_training("boto3-stopped")
    waiter = SAGEMAKER.get_waiter("training_job_completed_or_stopped")
    for name in ("boto3-done", "boto3-stopped"):
        waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    pages = SAGEMAKER.get_paginator("list_training_jobs").paginate(
        NameContains="boto3-", PaginationConfig={"PageSize": 1}
    )
    report = {
        "statuses": {name: describe(name)["TrainingJobStatus"] for name in ("boto3-done", "boto3-stopped")},
        "listed": sorted(job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]),
        "model": describe("boto3-done")["ModelArtifacts"]["S3ModelArtifacts"],
        "created": describe("boto3-done")["CreationTime"].year,
        "big": round_trip(100),
    }
    try:
        describe("boto3-absent")
    except SAGEMAKER.exceptions.ClientError as error:
        report["absent"] = error.response["Error"]
    print(json.dumps(report))


if __name__ == "__main__":
    main()
