import assert from "node:assert/strict";
import { ExecutionRole, type ExecutionRoleArgs, policyDocument } from "../../components/executionRole";
import { inputsOf, runProgram, settled, typesOf } from "./support/program";

const REPOSITORY = "arn:aws:ecr:us-east-1:763104351884:repository/pytorch-training";

const role = (more: Partial<ExecutionRoleArgs> = {}, partition = "aws") =>
  runProgram(
    () =>
      new ExecutionRole("role", {
        bucket: "ours",
        dataUris: ["s3://data/slices/train", "s3://data/slices/val"],
        repositoryArn: REPOSITORY,
        ...more,
      }),
    { lookups: { "aws:index/getPartition:getPartition": { partition } } },
  );

interface Statement {
  Sid: string;
  Effect: string;
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, unknown>>;
}

async function statementsOf(more?: Partial<ExecutionRoleArgs>, partition?: string): Promise<Statement[]> {
  const { policy } = inputsOf(await role(more, partition), "aws:iam/rolePolicy:RolePolicy", "role-policy");
  return JSON.parse(String(policy)).Statement;
}

describe("ExecutionRole", () => {
  it("creates a role that only SageMaker may assume, for jobs of this account", async () => {
    const program = await role({
      tags: { team: "imaging" },
      permissionsBoundary: "arn:aws:iam::1:policy/boundary",
    });
    const { assumeRolePolicy, ...inputs } = inputsOf(program, "aws:iam/role:Role", "role-role");
    assert.deepEqual(inputs, {
      description: "Execution role of SageMaker training jobs",
      permissionsBoundary: "arn:aws:iam::1:policy/boundary",
      tags: { team: "imaging" },
    });
    assert.deepEqual(JSON.parse(String(assumeRolePolicy)), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "sagemaker.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
        },
      ],
    });
    assert.equal(inputsOf(program, "aws:iam/rolePolicy:RolePolicy", "role-policy").role, "role-role-1a2b");
    assert.equal(await settled(program.result.arn), "arn:aws:iam::111122223333:role/role-role-1a2b");
    assert.deepEqual(
      program.resources.slice(1).map(({ parent }) => parent),
      ["role", "role"],
    );
  });

  it("may read the data, read the code, write results, log, and pull the image: nothing else", async () => {
    assert.deepEqual(await statementsOf(), [
      {
        Sid: "ReadData0",
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::data/slices/train*"],
      },
      {
        Sid: "ListData0",
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: ["arn:aws:s3:::data"],
        Condition: { StringLike: { "s3:prefix": ["slices/train*"] } },
      },
      {
        Sid: "ReadData1",
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::data/slices/val*"],
      },
      {
        Sid: "ListData1",
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: ["arn:aws:s3:::data"],
        Condition: { StringLike: { "s3:prefix": ["slices/val*"] } },
      },
      { Sid: "ReadCode", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::ours/code/*"] },
      {
        Sid: "WriteResults",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: ["arn:aws:s3:::ours/artifacts/*", "arn:aws:s3:::ours/checkpoints/*"],
      },
      {
        Sid: "DropCheckpoints",
        Effect: "Allow",
        Action: ["s3:DeleteObject"],
        Resource: ["arn:aws:s3:::ours/checkpoints/*"],
      },
      {
        Sid: "ListResults",
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: ["arn:aws:s3:::ours"],
        Condition: { StringLike: { "s3:prefix": ["artifacts/*", "checkpoints/*", "code/*"] } },
      },
      {
        Sid: "Log",
        Effect: "Allow",
        Action: [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "logs:DescribeLogStreams",
        ],
        Resource: ["arn:aws:logs:*:*:log-group:/aws/sagemaker/TrainingJobs*"],
      },
      {
        Sid: "Metrics",
        Effect: "Allow",
        Action: ["cloudwatch:PutMetricData"],
        Resource: ["*"],
        Condition: { StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/TrainingJobs" } },
      },
      {
        Sid: "PullImage",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: [REPOSITORY],
      },
      { Sid: "RegistryLogin", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    ]);
  });

  it("names no wildcard action, whatever is asked for", async () => {
    const statements = await statementsOf({ vpc: true, kmsKeyArns: ["arn:aws:kms:us-east-1:1:key/1"] });
    for (const { Sid, Action } of statements) {
      assert.ok(
        Action.every((action) => !action.includes("*")),
        Sid,
      );
    }
  });

  it("may use the keys where there are some, and only them", async () => {
    const keys = ["arn:aws:kms:us-east-1:111122223333:key/1"];
    const [statement] = (await statementsOf({ kmsKeyArns: keys })).filter(({ Sid }) => Sid === "UseKeys");
    assert.deepEqual(statement.Resource, keys);
    assert.deepEqual(statement.Action, [
      "kms:Decrypt",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:DescribeKey",
      "kms:CreateGrant",
    ]);
  });

  it("may only decrypt with the keys of the data", async () => {
    const keys = ["arn:aws:kms:us-east-1:111122223333:key/2"];
    const [statement] = (await statementsOf({ dataKmsKeyArns: keys })).filter(
      ({ Sid }) => Sid === "DecryptData",
    );
    assert.deepEqual(statement.Resource, keys);
    assert.deepEqual(statement.Action, ["kms:Decrypt", "kms:DescribeKey"]);
  });

  it("may read below a prefix that ends in a slash, and not what only begins like it", async () => {
    const [read, list] = await statementsOf({ dataUris: ["s3://data/val/"] });
    assert.deepEqual(read.Resource, ["arn:aws:s3:::data/val/*"]);
    assert.deepEqual(list.Condition, { StringLike: { "s3:prefix": ["val/*"] } });
  });

  it("may make network interfaces only in a VPC", async () => {
    const sids = async (vpc: boolean) => (await statementsOf({ vpc })).map(({ Sid }) => Sid);
    assert.ok((await sids(true)).includes("NetworkInterfaces"));
    assert.ok(!(await sids(false)).includes("NetworkInterfaces"));
  });

  it("names resources in the partition that it is in", async () => {
    const resources = (await statementsOf({}, "aws-cn")).flatMap(({ Resource }) => Resource);
    const arns = resources.filter((arn) => arn !== "*" && arn !== REPOSITORY);
    assert.ok(arns.length > 5 && arns.every((arn) => arn.startsWith("arn:aws-cn:")), arns.join());
  });

  it("may read a whole bucket where the channel is one", async () => {
    const [read, list] = await statementsOf({ dataUris: ["s3://data"] });
    assert.deepEqual(read.Resource, ["arn:aws:s3:::data/*"]);
    assert.equal(list.Condition, undefined, "a listing of the whole bucket may come without a prefix");
  });

  it("takes an existing role as it is", async () => {
    const program = await role({ roleArn: "arn:aws:iam::1:role/theirs" });
    assert.deepEqual(typesOf(program), []);
    assert.equal(await settled(program.result.arn), "arn:aws:iam::1:role/theirs");
  });

  it("has a name that IAM takes, also for a long experiment", async () => {
    const program = await runProgram(
      () =>
        new ExecutionRole(`${"e".repeat(48)}-execution`, {
          bucket: "ours",
          dataUris: [],
          repositoryArn: REPOSITORY,
        }),
    );
    const [role] = program.resources.filter(({ type }) => type === "aws:iam/role:Role");
    assert.ok(role.name.length + "-1234567".length <= 64, role.name);
    assert.match(role.name, /-[0-9a-f]{6}-role$/);
  });

  it("refuses a policy that is longer than IAM takes", () => {
    const facts = {
      bucket: "ours",
      repositoryArn: REPOSITORY,
      kmsKeyArns: [],
      dataKmsKeyArns: [],
      vpc: false,
      partition: "aws",
    };
    const dataUris = Array.from({ length: 20 }, (_, each) => `s3://data/${"long/".repeat(60)}${each}`);
    assert.throws(() => policyDocument({ ...facts, dataUris }), /policy has \d+ characters, IAM takes 10240/);
  });

  it("refuses data that is not in S3", () => {
    const facts = {
      bucket: "ours",
      repositoryArn: REPOSITORY,
      kmsKeyArns: [],
      dataKmsKeyArns: [],
      vpc: false,
      partition: "aws",
    };
    assert.throws(
      () => policyDocument({ ...facts, dataUris: ["/data/train"] }),
      /dataUris: \/data\/train is not an S3 URI/,
    );
  });
});
