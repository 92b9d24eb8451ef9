import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { rules } from "../../policies/rules";
import { runExperiment } from "../components/support/experimentProgram";
import { ACCOUNT } from "../components/support/program";
import { examine, examineStack, type StackResource } from "./support/examine";
import { jobKinds, unknown } from "./support/jobs";

const everything = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
const trust = (service: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: service } }] });
const on = (
  type: string,
  name: string,
  props: object,
  dependsOn?: Record<string, string>,
): StackResource => ({
  type,
  name,
  props: { ...props },
  dependsOn,
});

/** What many stacks of an organisation have and training has not. */
const ordinary: StackResource[] = [
  on("aws:ec2/vpc:Vpc", "network", { cidrBlock: "10.0.0.0/16" }),
  on("aws:cloudformation/stack:Stack", "subnets", {
    templateBody: JSON.stringify({
      Resources: { Net: { Type: "AWS::EC2::Subnet", Properties: { VpcId: { Ref: "Vpc" } } } },
    }),
  }),
  on("aws:s3/bucket:Bucket", "website", { bucket: "website" }),
  on("aws:s3/bucketPolicy:BucketPolicy", "public", { bucket: "website", policy: "no json" }),
  on("aws-native:s3:Bucket", "other-website", { bucketName: "other" }),
  on("aws:iam/role:Role", "function", {
    name: "function",
    assumeRolePolicy: trust("lambda.amazonaws.com"),
    inlinePolicies: [{ policy: everything }],
  }),
  on("aws:iam/role:Role", "anybody", { name: "anybody", assumeRolePolicy: trust("*") }),
  on("aws:iam/role:Role", "later", { name: unknown.text, assumeRolePolicy: unknown.text }),
  on(
    "aws:iam/rolePolicy:RolePolicy",
    "function-policy",
    { role: "function", policy: everything },
    { role: "function" },
  ),
  on(
    "aws:iam/rolePolicy:RolePolicy",
    "later-policy",
    { role: unknown.text, policy: unknown.text },
    { role: "later" },
  ),
  on("aws:iam/policy:Policy", "shared", { policy: everything }),
  on("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "ecs", {
    role: "ecs-of-another-stack",
    policyArn: "arn:aws:iam::aws:policy/AmazonECS_FullAccess",
  }),
  on("aws:iam/policyAttachment:PolicyAttachment", "group", {
    groups: ["dev"],
    policyArn: "arn:aws:iam::aws:policy/PowerUserAccess",
  }),
  on("aws-native:iam:Role", "native", {
    assumeRolePolicyDocument: JSON.parse(trust("ecs-tasks.amazonaws.com")),
    policies: [],
  }),
  on("aws:sfn/stateMachine:StateMachine", "orders", {
    definition: JSON.stringify({
      States: { Order: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" } },
    }),
  }),
  on("aws:scheduler/schedule:Schedule", "nightly", {
    target: { arn: "arn:aws:lambda:eu-west-1:1:function:x", input: "{}" },
  }),
  on("aws:cloudcontrol/resource:Resource", "log-group", {
    typeName: "AWS::Logs::LogGroup",
    desiredState: unknown.text,
  }),
  on("command:local:Command", "build", { create: "make" }),
  on("pulumi-nodejs:dynamic:Resource", "own", { __provider: "exports.handler = () => 1", roleArn: "arn" }),
  on("pulumi-nodejs:dynamic/training:Gate", "gate", {
    __provider: "exports.handler = () => 1",
    candidate: {
      artifact: "s3://b/model.tar.gz",
      image: "image",
      trainingJobName: "net-1",
      metrics: { f1: 1 },
    },
    verdict: { passed: true, metric: "f1", value: 1, trainingJobName: "net-1" },
    ...{ modelArtifact: "s3://b/model.tar.gz", image: "image", trainingJobName: "net-1", metrics: { f1: 1 } },
  }),
  on("aws:sagemaker/featureGroup:FeatureGroup", "features", { roleArn: "arn:aws:iam::1:role/function" }),
];

/** An example of a configuration, in which 123456789012 stands for the account of one's own. */
const file = (name: string) =>
  JSON.parse(
    readFileSync(
      path.resolve(__dirname, `../../policies/examples/policy-config.${name}.json`),
      "utf8",
    ).replaceAll("123456789012", ACCOUNT),
  );

/** The settings of a rule in a configuration file. */
function settings(config: Record<string, unknown>, name: string): Record<string, unknown> {
  const entry = config[name];
  if (typeof entry !== "object" || entry === null) return {};
  const { enforcementLevel: _, ...own } = entry as Record<string, unknown>;
  return own;
}

/** What the default configuration, and the examples for development and production, set. */
const configurations = [
  ["the default configuration", {}],
  ["the example for development", file("dev")],
  ["the example for production", file("prod")],
] as const;

/** What a rule says of a stack, and of each of its resources. */
function verdictsOf(
  rule: ResourceValidationPolicy | StackValidationPolicy,
  stack: StackResource[],
  config: Record<string, unknown>,
) {
  const own = settings(config, rule.name);
  return "validateStack" in rule
    ? [examineStack(rule, stack, {}, own)]
    : stack.map((resource) => examine(rule as ResourceValidationPolicy, resource, own));
}

describe("a stack of networks, websites and functions", () => {
  for (const [what, config] of configurations) {
    it(`hears nothing from any rule, under ${what}`, () => {
      for (const rule of rules) {
        for (const { violations, unseen } of verdictsOf(rule, ordinary, config)) {
          assert.deepEqual([violations, unseen], [[], undefined], rule.name);
        }
      }
    });
  }

  it("hears of its buckets, and still not of the roles of others, when something trains in it", () => {
    const job = jobKinds[1]?.job() as StackResource;
    const readable = ordinary.filter(
      ({ name }) => !["public", "later", "later-policy", "anybody"].includes(name),
    );
    const of = (name: string) => {
      const rule = rules.find((each) => each.name === name) as StackValidationPolicy;
      return examineStack(rule, [...readable, job]).violations.join("\n");
    };
    assert.match(of("private-buckets"), /bucket "website" has no BucketPublicAccessBlock/);
    assert.equal(of("least-privilege-role"), "");
  });
});

describe("the dashboard, the notification and the image of a training stack", () => {
  const more = { dashboard: true, notify: ["me@example.org"], dockerfile: "docker/Dockerfile" };
  const environment = { ...process.env };
  beforeEach(() => {
    delete process.env.AWS_ENDPOINT_URL;
    delete process.env.AWS_ENDPOINT_URL_ECR;
  });
  afterEach(() => {
    Object.assign(process.env, environment); // a copy in its place would no longer be what the system reads
  });

  const resourcesOf = async (changes: Record<string, unknown>): Promise<StackResource[]> => {
    const { resources } = await runExperiment(changes);
    const made = resources.filter(({ type }) => !type.startsWith("training:"));
    // An archive is a promise until the engine has read it.
    return made.map(({ type, name, inputs }) => on(type, name, JSON.parse(JSON.stringify(inputs))));
  };

  it("are all in the stack that is looked at", async () => {
    const plain = new Set((await resourcesOf({})).map(({ type }) => type));
    const types = (await resourcesOf(more)).map(({ type }) => type).filter((type) => !plain.has(type));
    assert.deepEqual([...new Set(types)].sort(), [
      "aws:cloudwatch/dashboard:Dashboard",
      "aws:cloudwatch/eventRule:EventRule",
      "aws:cloudwatch/eventTarget:EventTarget",
      "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      "aws:ecr/repository:Repository",
      "aws:sns/topic:Topic",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:sns/topicSubscription:TopicSubscription",
      "docker-build:index:Image",
    ]);
  });

  for (const [what, config] of configurations) {
    it(`hear nothing from any rule that it does not say without them, under ${what}`, async () => {
      const [plain, full] = [await resourcesOf({}), await resourcesOf(more)];
      for (const rule of rules) {
        const said = (stack: StackResource[]) =>
          verdictsOf(rule, stack, config).flatMap(({ violations, unseen }) =>
            [...violations, unseen ?? []].flat(),
          );
        const already = said(plain);
        assert.deepEqual(
          said(full).filter((each) => !already.includes(each)),
          [],
          rule.name,
        );
      }
    });
  }
});
