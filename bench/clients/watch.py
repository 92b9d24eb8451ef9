"""Waits for jobs as fit() of SDK v2 or train() of SDK v3 does after it has started them, and counts the calls.

python watch.py 2|3 SECONDS JOB...: prints the SageMaker calls and the others that were made in so many seconds.
"""

import collections
import contextlib
import io
import json
import os
import sys
import threading
import time
from collections.abc import Callable

import botocore.client

calls = collections.Counter()
counting = False
call = botocore.client.BaseClient._make_api_call


def counted(self: botocore.client.BaseClient, operation: str, parameters: dict) -> dict:
    if counting:
        calls["sagemaker" if self.meta.service_model.service_name == "sagemaker" else "others"] += 1
    return call(self, operation, parameters)


botocore.client.BaseClient._make_api_call = counted


def waiting(version: str) -> Callable[[str], None]:
    """What the SDK does with a job that runs, with its log, as both do unless they are told otherwise."""
    from setting import BUCKET, CONFIG

    if version == "2":
        import sagemaker

        return lambda name: sagemaker.Session(default_bucket=BUCKET, sagemaker_config=CONFIG).logs_for_job(
            name, wait=True
        )
    from sagemaker.core.resources import TrainingJob

    return lambda name: TrainingJob.get(training_job_name=name).wait(logs=True)


def main() -> None:
    global counting
    version, seconds, *jobs = sys.argv[1:]
    wait = waiting(version)
    with contextlib.redirect_stdout(io.StringIO()):
        for name in jobs:
            threading.Thread(target=wait, args=(name,), daemon=True).start()
            time.sleep(0.05)
        time.sleep(float(os.environ["BENCH_SETTLE"]))
        counting = True
        time.sleep(float(seconds))
        counting = False
    print(json.dumps({"sagemaker": calls["sagemaker"], "others": calls["others"]}), flush=True)
    os._exit(0)  # the threads wait on


main()
