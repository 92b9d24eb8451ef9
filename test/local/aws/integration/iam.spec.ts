import { strict as assert } from "node:assert";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import prod from "../../../../policies/examples/policy-config.prod.json";
import { iamDocument } from "../../../../policies/iam/document";
import type { PackConfig } from "../../../../policies/lib/settings";
import { rules } from "../../../../policies/rules";
import { request, TestAws, until } from "./testAws";

const user = "researcher";
const allow = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sagemaker:*", Resource: "*" }],
};

describe("a local AWS that enforces IAM", function () {
  this.timeout(120_000);
  let aws: TestAws;
  let sagemaker: SageMakerClient;

  const put = (name: string, policy: object) =>
    aws.iam.send(
      new PutUserPolicyCommand({ UserName: user, PolicyName: name, PolicyDocument: JSON.stringify(policy) }),
    );

  const clientOf = (accessKeyId: string, secretAccessKey: string) =>
    new SageMakerClient({
      endpoint: aws.running.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });

  before(async () => {
    // A proxy that nobody answers at, for everything but what is on this machine.
    const proxies = { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" };
    aws = await TestAws.start({ LOCAL_AWS_AUTH: "true", ...proxies, NO_PROXY: "" });
    await aws.iam.send(new CreateUserCommand({ UserName: user }));
    const { AccessKey: key } = await aws.iam.send(new CreateAccessKeyCommand({ UserName: user }));
    sagemaker = clientOf(key?.AccessKeyId ?? "", key?.SecretAccessKey ?? "");
  });

  after(() => aws?.remove());

  it("lets a user do nothing that no policy allows", async () => {
    await assert.rejects(sagemaker.send(new ListTrainingJobsCommand({})), {
      name: "AccessDeniedException",
      message:
        /user\/researcher is not authorized to perform: sagemaker:ListTrainingJobs .*no identity-based policy allows/,
    });
  });

  it("lets a user do what a policy allows", async () => {
    await put("allow", allow);
    await sagemaker.send(new ListTrainingJobsCommand({}));
  });

  it("knows a caller by the secret, not only by the key", async () => {
    const { accessKeyId } = await sagemaker.config.credentials();
    await assert.rejects(clientOf(accessKeyId, "guess").send(new ListTrainingJobsCommand({})), {
      name: "InvalidSignatureException",
    });
    await assert.rejects(clientOf("AKIAABCDEFGHIJKLMNOP", "guess").send(new ListTrainingJobsCommand({})), {
      name: "UnrecognizedClientException",
    });
  });

  it("asks for CloudWatch Logs too, and keeps no log of a job whose role may not write one", async () => {
    const group = "/aws/sagemaker/TrainingJobs";
    const logs = new CloudWatchLogsClient({
      endpoint: aws.running.endpoint,
      region: "us-east-1",
      credentials: await sagemaker.config.credentials(),
    });
    const read = () => logs.send(new FilterLogEventsCommand({ logGroupName: group }));
    await assert.rejects(read(), { name: "AccessDeniedException", message: /logs:FilterLogEvents/ });
    const Resource = `arn:aws:logs:us-east-1:*:log-group:${group}:*`;
    const statement = { Effect: "Allow", Action: "logs:FilterLogEvents", Resource };
    await put("logs", { Version: "2012-10-17", Statement: [statement] });
    await assert.rejects(read(), { name: "ResourceNotFoundException" });

    const rights = (actions: string[]) =>
      aws.iam.send(
        new PutRolePolicyCommand({
          RoleName: "training",
          PolicyName: "rights",
          PolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
          }),
        }),
      );
    await rights(["s3:*"]);
    await aws.createJob("silent", "print('nobody hears')");
    assert.equal((await aws.waitForEnd("silent")).TrainingJobStatus, "Completed");
    await assert.rejects(read(), { name: "ResourceNotFoundException" });
    const told = () =>
      aws.output.join("").match(/silent\/algo-1: its log is not kept: .*logs:CreateLogStream/g);
    await until("the server to say why there is no log", async () => told() !== null);
    assert.equal(told()?.length, 1);
    await rights(["s3:*", "logs:CreateLogStream", "logs:PutLogEvents"]);
    await aws.createJob("heard", "print('somebody hears')");
    await aws.waitForEnd("heard");
    assert.ok((await aws.logLines("heard")).includes("somebody hears"));
  });

  it("trains a job with its role's credentials, which its script and its upload use", async () => {
    await aws.createRole("trainer", "sagemaker.amazonaws.com");
    const script =
      "import boto3, os\n" +
      "boto3.client('s3').put_object(Bucket='training-test', Key='by-script', Body=b'x')\n" +
      "print(boto3.client('sts', region_name='us-east-1').get_caller_identity()['Arn'])\n" +
      "open(os.path.join(os.environ['SM_MODEL_DIR'], 'model.pth'), 'w').write('weights')\n";
    const RoleArn = "arn:aws:iam::000000000000:role/trainer";
    const statement = { Effect: "Allow", Action: ["s3:*", "logs:*", "cloudwatch:*"], Resource: "*" };
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await aws.iam.send(new PutRolePolicyCommand({ RoleName: "trainer", PolicyName: "s3", PolicyDocument }));
    await aws.createJob("with-permission", script, { RoleArn });
    const job = await aws.waitForEnd("with-permission");
    assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
    assert.equal((await aws.get("by-script")).toString(), "x");
    await aws.waitForLine("with-permission", "assumed-role/trainer/SageMaker-with-permission");
  });

  describe("with the denials that the production policies write", () => {
    const careful: Partial<CreateTrainingJobCommandInput> = {
      EnableNetworkIsolation: true,
      OutputDataConfig: {
        S3OutputPath: "s3://training-test/out",
        KmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      },
      Tags: [
        { Key: "owner", Value: "imaging" },
        { Key: "cost-center", Value: "4711" },
      ],
    };

    before(async () => {
      await put("guardrails", iamDocument(rules, prod as unknown as PackConfig).policy);
    });

    after(() => aws.iam.send(new DeleteUserPolicyCommand({ UserName: user, PolicyName: "guardrails" })));

    const careless: [string, Partial<CreateTrainingJobCommandInput>][] = [
      [
        "another-type",
        { ResourceConfig: { InstanceType: "ml.p3.2xlarge", InstanceCount: 1, VolumeSizeInGB: 30 } },
      ],
      ["too-long", { StoppingCondition: { MaxRuntimeInSeconds: 43_201 } }],
      ["no-limit", { StoppingCondition: {} }],
      ["open-network", { EnableNetworkIsolation: false }],
      ["no-key", { OutputDataConfig: { S3OutputPath: "s3://training-test/out" } }],
      ["no-owner", { Tags: [{ Key: "cost-center", Value: "4711" }] }],
      [
        "warm-pool",
        {
          ResourceConfig: {
            InstanceType: "ml.g5.xlarge",
            InstanceCount: 1,
            VolumeSizeInGB: 30,
            KeepAlivePeriodInSeconds: 60,
          },
        },
      ],
    ];
    for (const [name, changes] of careless) {
      it(`refuses the job ${name}, and does not start it`, async () => {
        const input = request(name, { ...careful, ...changes });
        await assert.rejects(sagemaker.send(new CreateTrainingJobCommand(input)), {
          name: "AccessDeniedException",
          message: new RegExp(`CreateTrainingJob on resource: .*training-job/${name} with an explicit deny`),
        });
        await assert.rejects(aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name })), {
          message: /not found/,
        });
      });
    }

    it("lets a careful job pass", async () => {
      await sagemaker.send(new CreateTrainingJobCommand(request("careful", careful)));
      await aws.describe("careful");
    });
  });
});
