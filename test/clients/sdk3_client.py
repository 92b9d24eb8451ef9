"""ModelTrainer of the SageMaker Python SDK v3, unmodified: the check of the role, one host, two hosts, MPI."""

from botocore.exceptions import ClientError
from sagemaker.core.helper.iam_role_resolver import RoleValidationError
from sagemaker.core.helper.session_helper import Session
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, SourceCode
from sagemaker.train.distributed import MPI, Torchrun

from support import IMAGE, SDK_CONFIG, log_of, make_bucket, make_role, make_source, report

BUCKET = make_bucket("sdk3-client")
SESSION = Session(default_bucket=BUCKET, sagemaker_config=SDK_CONFIG)
ROLE = make_role("sdk3-client", "AmazonSageMakerFullAccess")
SOURCE = make_source()


def trainer(script, hosts=1, role=ROLE, **options):
    return ModelTrainer(
        training_image=IMAGE,
        source_code=SourceCode(source_dir=SOURCE, entry_script=script),
        compute=Compute(instance_type="ml.m5.large", instance_count=hosts),
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{BUCKET}/out"),
        base_job_name="sdk3-client",
        sagemaker_session=SESSION,
        role=role,
        **options,
    )


def message(error_type, work):
    """What went wrong, as the client shows it."""
    try:
        work()
    except error_type as error:
        return str(error)
    return None


def train(trainer, **inputs):
    trainer.train(**inputs, logs=False)
    job = trainer._latest_training_job
    said = sorted(line for line in log_of(job.training_job_name).splitlines() if line.startswith(("loss=", "sum=")))
    return {"status": job.training_job_status, "said": said}


def main():
    bare = make_role("sdk3-without-permissions")
    report(
        refused=message(RoleValidationError, lambda: trainer("train.py", role=bare).train()),
        mpi=message(ClientError, lambda: trainer("together.py", distributed=MPI()).train()),
        one=train(
            trainer("train.py"),
            input_data_config=[InputData(channel_name="train", data_source=f"s3://{BUCKET}/data/")],
        ),
        two=train(trainer("together.py", hosts=2, distributed=Torchrun())),
    )


main()
