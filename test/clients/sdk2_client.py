"""SageMaker Python SDK v2, unmodified: fit on spot with live logs, attach, metrics, two hosts."""

import contextlib
import io

import sagemaker
from sagemaker.pytorch import PyTorch

from support import SDK_CONFIG, log_of, make_bucket, make_role, make_source, report

BUCKET = make_bucket("sdk2-client")
SESSION = sagemaker.Session(default_bucket=BUCKET, sagemaker_config=SDK_CONFIG)
ROLE = make_role("sdk2-client")
SOURCE = make_source()


def estimator(entry_point, **options):
    return PyTorch(
        entry_point=entry_point,
        source_dir=SOURCE,
        sagemaker_session=SESSION,
        role=ROLE,
        framework_version="2.5.1",
        py_version="py311",
        instance_type="ml.g5.xlarge",
        max_run=300,
        **options,
    )


def main():
    two = estimator("together.py", instance_count=2, distribution={"torch_distributed": {"enabled": True}})
    two.fit(wait=False)
    one = estimator(
        "train.py",
        instance_count=1,
        use_spot_instances=True,
        max_wait=600,
        checkpoint_s3_uri=f"s3://{BUCKET}/checkpoints",
        metric_definitions=[{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
    )
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        one.fit({"train": f"s3://{BUCKET}/data/"})
    attached = PyTorch.attach(one.latest_training_job.name, sagemaker_session=SESSION)
    two.latest_training_job.wait(logs=False)
    job = SESSION.describe_training_job(one.latest_training_job.name)
    report(
        printed=[line for line in printed.getvalue().splitlines() if "loss=" in line or "Managed Spot" in line],
        model=attached.model_data.removeprefix(f"s3://{BUCKET}/").removeprefix(job["TrainingJobName"]),
        attached={"role": attached.role == ROLE, "kms": attached.output_kms_key, "spot": attached.use_spot_instances},
        metrics={each["MetricName"]: each["Value"] for each in job["FinalMetricDataList"]},
        together=sorted(line for line in log_of(two.latest_training_job.name).splitlines() if "sum=" in line),
    )


main()
