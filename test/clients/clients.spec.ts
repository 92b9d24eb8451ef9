import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { create } from "tar";
import { stopLocalAws } from "../../local/aws/client.ts";
import { checkOptMl } from "../../local/aws/training/process/optMl.ts";
import { ensureTrainingPython } from "../../local/python/python.ts";
import { run } from "../../local/run.ts";
import { startTestAws, type TestAws } from "../engine/support/aws";
import { ensureSdk2Python, ensureSdk3Python } from "./environments";

const report = (line: string) => process.stderr.write(`    ${line}\n`);

/** Clients as their users install them, on a local AWS of their own that has /opt/ml for its jobs, where the machine lets it. */
describe("clients of AWS that know nothing of the local one", function () {
  this.timeout(400_000);
  const stateDir = mkdtempSync(path.join(tmpdir(), "training-test-clients-"));
  const optMl = canHaveOptMl();
  let aws: TestAws;

  before(async () => {
    const settings = { LOCAL_AWS_OPT_ML: String(optMl), LOCAL_AWS_STOP_GRACE_SECONDS: "5" };
    const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, settings);
    try {
      aws = await startTestAws(stateDir);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
  after(async () => {
    await stopLocalAws(stateDir);
    rmSync(stateDir, { recursive: true, force: true });
  });

  /** What a script reports in its last line. */
  async function seenBy(python: string, script: string): Promise<Record<string, unknown>> {
    const done = await run(python, [path.join(__dirname, script)], { env: aws.env });
    assert.equal(done.code, 0, done.output);
    return JSON.parse(done.stdout.trimEnd().split("\n").at(-1) ?? "");
  }

  it("boto3: jobs, waiters, paginators, roles, and what is not served", async () => {
    const seen = await seenBy(await ensureTrainingPython(report), "boto3_client.py");
    assert.deepEqual(seen.statuses, { "boto3-done": "Completed", "boto3-stopped": "Stopped" });
    assert.deepEqual(seen.listed, ["boto3-done", "boto3-stopped"]);
    assert.equal(seen.model, "s3://boto3-client/out/boto3-done/output/model.tar.gz");
    assert.deepEqual(seen.objects, ["out/boto3-done/output/model.tar.gz"]);
    assert.equal(seen.created, new Date().getFullYear());
    assert.equal(seen.big, true);
    assert.deepEqual(seen.absent, { Code: "ValidationException", Message: "Requested resource not found." });

    for (const [name, error] of Object.entries(seen.unserved as Record<string, Record<string, string>>)) {
      assert.match(error.Code, /^(UnknownOperationException|InvalidAction)$/, name);
      assert.match(error.Message, /^The local (AWS|SageMaker) does not serve .*\. It serves /, name);
    }

    const { nobody, unknown, ...decisions } = seen.roles as Record<string, Record<string, string>>;
    assert.deepEqual(decisions, { path: ["allowed"], other: ["implicitDeny"], managed: ["allowed"] });
    assert.equal(nobody.Code, "NoSuchEntity");
    assert.match(
      unknown.Message,
      /^Policy .*AmazonNoSuchAccess does not exist or is not attachable\. .*AmazonSageMakerFullAccess/,
    );
  });

  it("the SageMaker SDK v2: fit on spot, its logs, attach, metrics, two hosts", async () => {
    const seen = await seenBy(await ensureSdk2Python(report), "sdk2_client.py");
    assert.match(String(seen.printed), /loss=0\.25 on algo-1.*Managed Spot Training savings: /);
    assert.equal(seen.model, "/output/model.tar.gz");
    assert.deepEqual(seen.attached, { role: true, kms: "", spot: true });
    assert.deepEqual(seen.metrics, { loss: 0.25 });
    assert.deepEqual(seen.together, ["sum=3 of 2 hosts", "sum=3 of 2 hosts"]);
  });

  it("the SageMaker SDK v2 and boto3: deploy a model, ask it, and delete its endpoint", async () => {
    const seen = await seenBy(await ensureSdk2Python(report), "hosting_client.py");
    assert.deepEqual(seen.predicted, { model: "weights", data: [1, 2] });
    assert.deepEqual(seen.answered, { model: "weights", data: "x" });
    assert.equal(seen.variant, "AllTraffic");
    assert.deepEqual(seen.error, {
      OriginalStatusCode: 500,
      OriginalMessage: "no such slice",
      LogStreamArn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/hosting-client",
    });
    assert.deepEqual(seen.configs, [], "the SDK deletes it with the endpoint");
  });

  it("the SageMaker SDK v3: the check of the role, ModelTrainer on one host and on two, MPI", async function () {
    if (!optMl) this.skip(); // ModelTrainer's own scripts name files below /opt/ml
    const seen = await seenBy(await ensureSdk3Python(report), "sdk3_client.py");
    assert.match(
      String(seen.refused),
      /sdk3-without-permissions' cannot be used .*\nMissing permissions: .*ecr:/,
    );
    assert.match(String(seen.mpi), /cannot run ModelTrainer's MPI/);
    assert.deepEqual(seen.one, { status: "Completed", said: ["loss=0.25 on algo-1"] });
    assert.deepEqual(seen.two, { status: "Completed", said: ["sum=3 of 2 hosts", "sum=3 of 2 hosts"] });
  });

  const cli = async (...args: string[]) => {
    const python = await ensureSdk2Python(report);
    const done = await run(python, ["-m", "awscli", ...args], { env: { ...aws.env, AWS_PAGER: "" } });
    return { ...done, json: () => JSON.parse(done.stdout) };
  };
  const ok = async (...args: string[]) => {
    const done = await cli(...args);
    assert.equal(done.code, 0, `${args.join(" ")}: ${done.output}`);
    return done;
  };
  const file = (name: string, content: unknown) => {
    const to = path.join(stateDir, name);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, typeof content === "string" ? content : JSON.stringify(content));
    return to;
  };
  const makeRole = async (name: string): Promise<string> => {
    const trust = file("trust.json", {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    const made = await ok(
      ...["iam", "create-role", "--role-name", name, "--assume-role-policy-document", `file://${trust}`],
    );
    return made.json().Role.Arn;
  };

  it("the AWS CLI: S3, roles, a job, its wait and its log", async () => {
    await ok("s3", "mb", "s3://cli-client");
    await ok("s3", "cp", file("a.txt", "a"), "s3://cli-client/data/a.txt");
    const job = file("job.json", {
      TrainingJobName: "cli-job",
      RoleArn: await makeRole("cli-client"),
      AlgorithmSpecification: {
        TrainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311",
        TrainingInputMode: "File",
        ContainerEntrypoint: ["python", "-c", "print('hello from the CLI')"],
      },
      InputDataConfig: [
        {
          ChannelName: "train",
          DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://cli-client/data/" } },
        },
      ],
      OutputDataConfig: { S3OutputPath: "s3://cli-client/out" },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    });
    await ok("sagemaker", "create-training-job", "--cli-input-json", `file://${job}`);
    const described = async () =>
      (await ok("sagemaker", "describe-training-job", "--training-job-name", "cli-job")).json();
    // `aws sagemaker wait` looks once and then sleeps for a minute.
    while ((await described()).TrainingJobStatus === "InProgress");
    await ok("sagemaker", "wait", "training-job-completed-or-stopped", ...["--training-job-name", "cli-job"]);
    assert.equal((await described()).OutputDataConfig.KmsKeyId, "");
    const listed = await ok(
      "sagemaker",
      "list-training-jobs",
      ...["--name-contains", "cli-", "--max-items", "5"],
    );
    assert.equal(listed.json().TrainingJobSummaries[0].TrainingJobName, "cli-job");
    const log = await ok(
      ...["logs", "filter-log-events", "--log-group-name", "/aws/sagemaker/TrainingJobs"],
      ...["--log-stream-name-prefix", "cli-job/"],
    );
    assert.match(log.stdout, /hello from the CLI/);
    const unserved = await cli("kms", "list-keys");
    assert.match(
      unserved.output,
      /\(UnknownOperationException\) .* The local AWS does not serve kms \(ListKeys\)/s,
    );
  });

  it("the AWS CLI: a model, its endpoint, a question and its answer", async () => {
    file(
      "cli-model/code/inference.py",
      "def model_fn(model_dir):\n    return 2\n\n\ndef predict_fn(data, model):\n    return data * model\n",
    );
    const archive = path.join(stateDir, "model.tar.gz");
    await create({ gzip: true, cwd: path.join(stateDir, "cli-model"), file: archive }, ["code"]);
    await ok("s3", "mb", "s3://cli-hosting");
    await ok("s3", "cp", archive, "s3://cli-hosting/model.tar.gz");
    const container = {
      Image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4.0-cpu-py311",
      ModelDataUrl: "s3://cli-hosting/model.tar.gz",
    };
    await ok(
      ...[
        "sagemaker",
        "create-model",
        "--model-name",
        "cli",
        "--primary-container",
        JSON.stringify(container),
      ],
      ...["--execution-role-arn", await makeRole("cli-hosting")],
    );
    const variant = "VariantName=all,ModelName=cli,InstanceType=ml.m5.large,InitialInstanceCount=1";
    await ok(
      ...["sagemaker", "create-endpoint-config", "--endpoint-config-name", "cli"],
      ...["--production-variants", variant],
    );
    const named = ["--endpoint-name", "cli"];
    await ok("sagemaker", "create-endpoint", ...named, "--endpoint-config-name", "cli");
    const status = async () => (await ok("sagemaker", "describe-endpoint", ...named)).json().EndpointStatus;
    // `aws sagemaker wait` looks once and then sleeps for half a minute.
    while ((await status()) === "Creating");
    await ok("sagemaker", "wait", "endpoint-in-service", ...named);
    const answer = path.join(stateDir, "answer.json");
    const invoked = await ok(
      ...["sagemaker-runtime", "invoke-endpoint", ...named, "--content-type", "application/json"],
      ...["--accept", "application/json", "--body", `fileb://${file("question.json", "[1, 2]")}`, answer],
    );
    assert.equal(invoked.json().InvokedProductionVariant, "all");
    assert.deepEqual(JSON.parse(readFileSync(answer, "utf8")), [2, 4]);
    await ok("sagemaker", "delete-endpoint", ...named);
  });
});

function canHaveOptMl(): boolean {
  try {
    checkOptMl();
    return true;
  } catch {
    return false; // no Linux, no mount namespaces, or no right to make /opt/ml
  }
}
