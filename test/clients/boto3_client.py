"""boto3, unmodified: jobs, waiters, paginators, errors, a large object, and services that are not served."""

import hashlib
import io
import json
import tarfile
import time

import boto3
from botocore.exceptions import ClientError

from support import IMAGE, log_of, make_bucket, make_role, report

BUCKET = make_bucket("boto3-client")
ROLE = make_role("boto3-client")
SCRIPT = b"""import os, sys, time
print("started", flush=True)
while "--endless" in sys.argv:
    time.sleep(0.05)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
"""
S3, SAGEMAKER, IAM = boto3.client("s3"), boto3.client("sagemaker"), boto3.client("iam")


def upload_source():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("train.py")
        entry.size = len(SCRIPT)
        archive.addfile(entry, io.BytesIO(SCRIPT))
    S3.put_object(Bucket=BUCKET, Key="sourcedir.tar.gz", Body=buffer.getvalue())


def create(name, hyperparameters):
    SAGEMAKER.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        HyperParameters={
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://{BUCKET}/sourcedir.tar.gz",
            **hyperparameters,
        },
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/out"},
        ResourceConfig={"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )


def describe(name):
    return SAGEMAKER.describe_training_job(TrainingJobName=name)


def stop_when_training(name):
    # A SIGTERM before the script runs reaches only the toolkit, which outlives it, as on AWS.
    while "started" not in log_of(name):
        time.sleep(0.1)
    SAGEMAKER.stop_training_job(TrainingJobName=name)


def round_trip(megabytes):
    body = bytes(range(256)) * (4096 * megabytes)
    S3.upload_fileobj(io.BytesIO(body), BUCKET, "big")
    received = io.BytesIO()
    S3.download_fileobj(BUCKET, "big", received)
    return hashlib.sha256(received.getvalue()).digest() == hashlib.sha256(body).digest()


def error_of(call, **arguments):
    """What boto3 shows of an error."""
    try:
        call(**arguments)
    except ClientError as error:
        return {key: error.response["Error"].get(key) for key in ("Code", "Message")}
    return None


def unserved():
    """A service of each protocol: JSON, a query, EC2's, REST with JSON and XML, CBOR; SageMaker's other interfaces."""
    endpoints = boto3.client("sagemaker-runtime")
    calls = {
        "kms": boto3.client("kms").list_keys,
        "autoscaling": boto3.client("autoscaling").describe_auto_scaling_groups,
        "ec2": boto3.client("ec2").describe_vpcs,
        "lambda": boto3.client("lambda").list_functions,
        "route53": boto3.client("route53").list_hosted_zones,
        "arc-region-switch": boto3.client("arc-region-switch").list_plans,
        "endpoints": lambda: endpoints.invoke_endpoint_async(EndpointName="e", InputLocation="s3://b/k"),
        "notebooks": SAGEMAKER.list_notebook_instances,
    }
    return {name: error_of(call) for name, call in calls.items()}


def simulated(role, action, resource):
    asked = {"PolicySourceArn": role, "ActionNames": [action], "ResourceArns": [resource]}
    return [each["EvalDecision"] for each in IAM.simulate_principal_policy(**asked)["EvaluationResults"]]


def roles():
    """What IAM says of a role with one of AWS's policies, and of what is not there."""
    path = IAM.create_role(RoleName="boto3-path", Path="/service-role/", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    policy = {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}
    IAM.put_role_policy(RoleName="boto3-path", PolicyName="read", PolicyDocument=json.dumps(policy))
    managed = make_role("boto3-managed", "AmazonSageMakerFullAccess")
    return {
        "path": simulated(path, "s3:GetObject", "arn:aws:s3:::b/k"),
        "other": simulated(path, "s3:GetObject", "arn:aws:s3:::c/k"),
        "managed": simulated(managed, "ecr:GetAuthorizationToken", "*"),
        "nobody": error_of(IAM.simulate_principal_policy, PolicySourceArn=f"{path}x", ActionNames=["s3:GetObject"]),
        "unknown": error_of(
            IAM.attach_role_policy, RoleName="boto3-path", PolicyArn="arn:aws:iam::aws:policy/AmazonNoSuchAccess"
        ),
    }


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
    report(
        statuses={name: describe(name)["TrainingJobStatus"] for name in ("boto3-done", "boto3-stopped")},
        listed=sorted(job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]),
        model=describe("boto3-done")["ModelArtifacts"]["S3ModelArtifacts"],
        objects=[
            each["Key"]
            for page in S3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="out/")
            for each in page["Contents"]
        ],
        created=describe("boto3-done")["CreationTime"].year,
        big=round_trip(100),
        absent=error_of(SAGEMAKER.describe_training_job, TrainingJobName="boto3-absent"),
        unserved=unserved(),
        roles=roles(),
    )


main()
