"""What the clients' scripts share: a bucket and a role of their own, and a report for the test that runs them.

Endpoint, region and credentials come from the environment, as they do for any client of the local AWS.
"""

import json
import tempfile
from pathlib import Path

import boto3

IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
# Both versions of the SageMaker SDK would report to AWS's public address, and ask STS there for a bucket's name.
SDK_CONFIG = {
    "SchemaVersion": "1.0",
    "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
}
TRAIN = """
import os
print(f"loss=0.25 on {os.environ['SM_CURRENT_HOST']}", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
"""
# Ranks 0 and 1 add up to 3 only when they have met.
TOGETHER = """
import torch
import torch.distributed as dist
dist.init_process_group("gloo")
sum = torch.ones(1) * (dist.get_rank() + 1)
dist.all_reduce(sum)
print(f"sum={sum.item():.0f} of {dist.get_world_size()} hosts", flush=True)
"""


def make_bucket(name):
    """A bucket with a little data in it."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="data/a.txt", Body=b"a")
    return name


def make_role(name, *policies):
    """A role that SageMaker may assume; returns its ARN."""
    iam = boto3.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    for policy in policies:
        iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    return role["Arn"]


def make_source():
    """A folder with the two scripts."""
    folder = Path(tempfile.mkdtemp())
    (folder / "train.py").write_text(TRAIN)
    (folder / "together.py").write_text(TOGETHER)
    return str(folder)


def log_of(job):
    """Everything that a job has printed."""
    logs = boto3.client("logs")
    group = {"logGroupName": "/aws/sagemaker/TrainingJobs"}
    try:
        streams = logs.describe_log_streams(**group, logStreamNamePrefix=f"{job}/")["logStreams"]
    except logs.exceptions.ResourceNotFoundException:
        return ""
    pages = [logs.get_log_events(**group, logStreamName=each["logStreamName"])["events"] for each in streams]
    return "\n".join(event["message"] for page in pages for event in page)


def report(**seen):
    """The last line, which the test reads."""
    print(json.dumps(seen))
