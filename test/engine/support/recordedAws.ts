import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreateRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  paginateListTags,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import * as tar from "tar";
import { isTerminal, jobName } from "../../../local/aws/sagemaker/record.ts";
import { stateFiles } from "../../../local/aws/stateFiles.ts";
import type { RecordedAws, RecordedJob } from "./recordedState";
import type { TestStack } from "./stack";

type Clients = Pick<TestStack, "s3" | "sagemaker" | "env">;

/** Everything that a local AWS holds, so that another one can be given the same. */
export async function readAws(clients: Clients, stateDir: string): Promise<RecordedAws> {
  const iam = iamOf(clients);
  try {
    return {
      buckets: await readBuckets(clients.s3),
      roles: await readRoles(iam),
      jobs: await readJobs(clients.sagemaker, stateDir),
    };
  } finally {
    iam.destroy();
  }
}

/** Jobs that have ended, as the local SageMaker finds them when it starts. */
export function seedEndedJobs({ jobs }: RecordedAws, stateDir: string): void {
  const folder = stateFiles(stateDir).jobs;
  fs.mkdirSync(folder, { recursive: true });
  for (const { record } of jobs.filter(({ record: each }) => isTerminal(each.status))) {
    fs.writeFileSync(path.join(folder, `${jobName(record)}.json`), JSON.stringify(record));
  }
}

/** Buckets with their objects, and roles, by the names that the state has of them. */
export async function restoreAws({ buckets, roles }: RecordedAws, clients: Clients): Promise<void> {
  for (const { name, objects } of buckets) {
    await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
    for (const [Key, body] of Object.entries(objects)) {
      await clients.s3.send(new PutObjectCommand({ Bucket: name, Key, Body: Buffer.from(body, "base64") }));
    }
  }
  const iam = iamOf(clients);
  for (const { name, trust, policies } of roles) {
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
    for (const [PolicyName, PolicyDocument] of Object.entries(policies)) {
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName, PolicyDocument }));
    }
  }
  iam.destroy();
}

/**
 * Starts what was running when it was recorded, with its name, its request and its tags. Its script is another one, which runs until the
 * stack's gate is opened: the time that the recorded one took may be over before the test comes to it.
 */
export async function startRunningJobs({ jobs }: RecordedAws, stack: TestStack): Promise<void> {
  for (const { record, tags } of jobs.filter(({ record: each }) => !isTerminal(each.status))) {
    const { request } = record;
    const bundle = new URL(JSON.parse(request.HyperParameters?.sagemaker_submit_directory ?? ""));
    const Body = gatedBundle(JSON.parse(request.HyperParameters?.sagemaker_program ?? ""), stack);
    await stack.s3.send(new PutObjectCommand({ Bucket: bundle.host, Key: bundle.pathname.slice(1), Body }));
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await stack.sagemaker.send(new CreateTrainingJobCommand({ ...request, Tags }));
    // A deployment puts the recorded bundle back.
    await untilReached(jobName(record), stack);
  }
}

/** The job's code has been read, and its script waits for the gate. */
const reached = ({ gate }: TestStack): string => `${gate}.reached`;

function gatedBundle(program: string, stack: TestStack): Buffer {
  const script = `
import os, time
print("val_accuracy=0.5", flush=True)
open(${JSON.stringify(reached(stack))}, "w").close()
while not os.path.exists(${JSON.stringify(stack.gate)}):
    time.sleep(0.1)
print("val_accuracy=0.9", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;
  stack.write(`gated/${program}`, script);
  const bundle = tar.create({ gzip: true, cwd: path.join(stack.dir, "gated"), sync: true }, [program]).read();
  if (!bundle) throw new Error("the bundle is empty");
  return bundle;
}

async function untilReached(TrainingJobName: string, stack: TestStack): Promise<void> {
  while (!fs.existsSync(reached(stack))) {
    const { TrainingJobStatus = "InProgress", FailureReason } = await stack.sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName }),
    );
    if (isTerminal(TrainingJobStatus)) {
      throw new Error(`${TrainingJobName} ended ${TrainingJobStatus}: ${FailureReason}`);
    }
    await delay(200);
  }
}

async function readBuckets(s3: TestStack["s3"]): Promise<RecordedAws["buckets"]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  return Promise.all(
    Buckets.map(async ({ Name: name = "" }) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: name }));
      const objects = Contents.map(async ({ Key = "" }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key }));
        return [Key, (await Body?.transformToString("base64")) ?? ""];
      });
      return { name, objects: Object.fromEntries(await Promise.all(objects)) };
    }),
  );
}

async function readRoles(iam: IAMClient): Promise<RecordedAws["roles"]> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  return Promise.all(
    Roles.map(async ({ RoleName = "", AssumeRolePolicyDocument = "" }) => {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      const policies = PolicyNames.map(async (PolicyName) => {
        const answer = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        return [PolicyName, decodeURIComponent(answer.PolicyDocument ?? "")];
      });
      return {
        name: RoleName,
        trust: decodeURIComponent(AssumeRolePolicyDocument),
        policies: Object.fromEntries(await Promise.all(policies)),
      };
    }),
  );
}

function readJobs(sagemaker: SageMakerClient, stateDir: string): Promise<RecordedJob[]> {
  const folder = stateFiles(stateDir).jobs;
  return Promise.all(
    fs.readdirSync(folder).map(async (file) => {
      const record = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
      const { $metadata: _, ...description } = await sagemaker.send(
        new DescribeTrainingJobCommand({ TrainingJobName: jobName(record) }),
      );
      const tags: Record<string, string> = {};
      for await (const { Tags = [] } of paginateListTags(
        { client: sagemaker },
        { ResourceArn: record.arn },
      )) {
        for (const { Key = "", Value = "" } of Tags) tags[Key] = Value;
      }
      // Processes of the machine that recorded.
      return { record: { ...record, processes: [] }, description, tags };
    }),
  );
}

const iamOf = ({ env }: Clients) =>
  new IAMClient({
    endpoint: env.AWS_ENDPOINT_URL,
    region: "us-east-1",
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
