"""The same training as a user of the SageMaker Python SDK v3 writes it."""

from sagemaker.core.helper.session_helper import Session
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, SourceCode
from setting import BUCKET, CONFIG, IMAGE, ROLE, SOURCE, result

trainer = ModelTrainer(
    training_image=IMAGE,
    source_code=SourceCode(source_dir=SOURCE, entry_script="train.py"),
    compute=Compute(instance_type="ml.g5.xlarge", instance_count=1),
    output_data_config=OutputDataConfig(s3_output_path=f"s3://{BUCKET}/out"),
    base_job_name="bench-sdk3",
    sagemaker_session=Session(default_bucket=BUCKET, sagemaker_config=CONFIG),
    role=ROLE,
)
trainer.train(input_data_config=[InputData(channel_name="train", data_source=f"s3://{BUCKET}/images/")])
job = trainer._latest_training_job
result(job.training_job_name, job.model_artifacts.s3_model_artifacts)
