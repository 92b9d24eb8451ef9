import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { ensureTrainingPython } from "../../local/python/python.ts";
import { testAws } from "./support/aws";

/** What any other client does: a job of its own, without this project. */
const CLIENT = `
import io, json, sys, tarfile, time, boto3
client = lambda name: boto3.client(name, endpoint_url=sys.argv[1], region_name="us-east-1")
s3, iam, sagemaker, logs = client("s3"), client("iam"), client("sagemaker"), client("logs")
s3.create_bucket(Bucket="boto3-client")
script = b"import time\\nprint('hello from boto3', flush=True)\\ntime.sleep(60)\\n"
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w:gz") as archive:
    entry = tarfile.TarInfo("train.py")
    entry.size = len(script)
    archive.addfile(entry, io.BytesIO(script))
s3.put_object(Bucket="boto3-client", Key="sourcedir.tar.gz", Body=packed.getvalue())
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
role = iam.create_role(RoleName="boto3-client", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
arn = sagemaker.create_training_job(
    TrainingJobName="boto3-job", RoleArn=role,
    AlgorithmSpecification={"TrainingImage": "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311", "TrainingInputMode": "File"},
    HyperParameters={"sagemaker_program": json.dumps("train.py"), "sagemaker_submit_directory": json.dumps("s3://boto3-client/sourcedir.tar.gz")},
    OutputDataConfig={"S3OutputPath": "s3://boto3-client/out"},
    ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
    StoppingCondition={"MaxRuntimeInSeconds": 600})["TrainingJobArn"]
describe = lambda: sagemaker.describe_training_job(TrainingJobName="boto3-job")
deadline = time.time() + 60
group = {"logGroupName": "/aws/sagemaker/TrainingJobs"}
def said():
    try:
        streams = logs.describe_log_streams(**group, logStreamNamePrefix="boto3-job/")["logStreams"]
    except logs.exceptions.ResourceNotFoundException:
        return ""
    pages = [logs.get_log_events(**group, logStreamName=each["logStreamName"])["events"] for each in streams]
    return "".join(event["message"] for page in pages for event in page)
# A SIGTERM before the script runs reaches only the toolkit, which outlives it, as on AWS.
while "hello from boto3" not in said() and time.time() < deadline:
    time.sleep(0.5)
listed = [each["TrainingJobName"] for each in sagemaker.list_training_jobs(NameContains="boto3")["TrainingJobSummaries"]]
sagemaker.stop_training_job(TrainingJobName="boto3-job")
while describe()["TrainingJobStatus"] not in ("Stopped", "Failed", "Completed") and time.time() < deadline:
    time.sleep(0.5)
print(json.dumps({"arn": arn, "listed": listed, "status": describe()["TrainingJobStatus"]}))
`;

describe("the local AWS, used by boto3", function () {
  this.timeout(180_000);

  it("creates, describes, lists and stops a training job of its own", async () => {
    const aws = await testAws();
    const python = await ensureTrainingPython(() => {});
    const done = spawnSync(python, ["-c", CLIENT, aws.endpoint], { env: aws.env, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(JSON.parse(done.stdout), {
      arn: "arn:aws:sagemaker:us-east-1:000000000000:training-job/boto3-job",
      listed: ["boto3-job"],
      status: "Stopped",
    });
  });
});
