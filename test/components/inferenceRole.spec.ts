import assert from "node:assert/strict";
import { InferenceRole, type InferenceRoleArgs } from "../../components/inferenceRole";
import { inputsOf, runProgram, settled, typesOf } from "./support/program";

const REPOSITORY = "arn:aws:ecr:us-east-1:763104351884:repository/pytorch-inference";

const role = (more: Partial<InferenceRoleArgs> = {}) =>
  runProgram(
    () =>
      new InferenceRole("role", {
        artifact: "s3://ours/artifacts/job/output/model.tar.gz",
        bucket: "ours",
        repositoryArn: REPOSITORY,
        ...more,
      }),
  );

interface Statement {
  Sid: string;
  Action: string[];
  Resource: string[];
  Condition?: object;
}

async function statements(
  more?: Partial<InferenceRoleArgs>,
): Promise<Record<string, Omit<Statement, "Sid">>> {
  const { policy } = inputsOf(await role(more), "aws:iam/rolePolicy:RolePolicy", "role-policy");
  const all: (Statement & { Effect: string })[] = JSON.parse(String(policy)).Statement;
  return Object.fromEntries(all.map(({ Sid, Effect: _, ...rest }) => [Sid, rest]));
}

describe("InferenceRole", () => {
  it("may read artifacts and the image, and log: no more", async () => {
    assert.deepEqual(await statements(), {
      ReadModels: { Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::ours/artifacts/*"] },
      Log: {
        Action: [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "logs:DescribeLogStreams",
        ],
        Resource: ["arn:aws:logs:*:*:log-group:/aws/sagemaker/Endpoints*"],
      },
      Metrics: {
        Action: ["cloudwatch:PutMetricData"],
        Resource: ["*"],
        Condition: { StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" } },
      },
      PullImage: {
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: [REPOSITORY],
      },
      RegistryLogin: { Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    });
  });

  it("may read an artifact that is elsewhere", async () => {
    const { ReadModels } = await statements({ artifact: "s3://theirs/x/model.tar.gz" });
    assert.deepEqual(ReadModels.Resource, [
      "arn:aws:s3:::ours/artifacts/*",
      "arn:aws:s3:::theirs/x/model.tar.gz",
    ]);
  });

  it("may do what a key, captured data and an alarm need", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:1:key/1";
    const alarmArn = "arn:aws:cloudwatch:us-east-1:1:alarm:a";
    const { WatchAlarm, Capture, UseKey } = await statements({
      kmsKeyArn,
      alarmArn,
      captureUri: "s3://ours/captured",
    });
    assert.deepEqual(WatchAlarm, { Action: ["cloudwatch:DescribeAlarms"], Resource: [alarmArn] });
    assert.deepEqual(Capture, { Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::ours/captured/*"] });
    assert.deepEqual(UseKey, { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [kmsKeyArn] });
    assert.deepEqual((await statements({ kmsKeyArn })).UseKey.Action, ["kms:Decrypt"]);
  });

  it("is assumed by SageMaker only, for models of this account, within the boundary", async () => {
    const permissionsBoundary = "arn:aws:iam::1:policy/boundary";
    const inputs = inputsOf(await role({ permissionsBoundary }), "aws:iam/role:Role", "role-role");
    assert.equal(inputs.permissionsBoundary, permissionsBoundary);
    const [{ Principal, Condition }] = JSON.parse(String(inputs.assumeRolePolicy)).Statement;
    assert.deepEqual(Principal, { Service: "sagemaker.amazonaws.com" });
    assert.deepEqual(Condition, { StringEquals: { "aws:SourceAccount": "111122223333" } });
  });

  it("is an existing one as it is", async () => {
    const program = await role({ roleArn: "arn:aws:iam::1:role/mine" });
    assert.equal(await settled(program.result.arn), "arn:aws:iam::1:role/mine");
    assert.deepEqual(typesOf(program), []);
  });
});
