"""A training as a user of the SageMaker Python SDK v2 writes it."""

import sagemaker
from sagemaker.pytorch import PyTorch
from setting import BUCKET, CONFIG, IMAGE, ROLE, SOURCE, result

estimator = PyTorch(
    entry_point="train.py",
    source_dir=SOURCE,
    sagemaker_session=sagemaker.Session(default_bucket=BUCKET, sagemaker_config=CONFIG),
    role=ROLE,
    image_uri=IMAGE,
    instance_type="ml.g5.xlarge",
    instance_count=1,
    max_run=300,
)
estimator.fit({"train": f"s3://{BUCKET}/images/"})
result(estimator.latest_training_job.name, estimator.model_data)
