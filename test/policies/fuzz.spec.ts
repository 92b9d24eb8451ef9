import assert from "node:assert/strict";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { guarded } from "../../policies/lib/guarded";
import { rules } from "../../policies/rules";
import { sdkType } from "../local/provider/support/sdkTypes";
import { examine, examineStack, remediate, type StackResource } from "./support/examine";
import { jobKinds, unknown } from "./support/jobs";

/** Types that some rule looks at: the training resources, and what guards their data and their role. */
const TYPES = [
  "aws:appautoscaling/target:Target",
  "aws:sagemaker/trainingJob:TrainingJob",
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/policy:Policy",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:ecr/repository:Repository",
  "aws:cloudcontrol/resource:Resource",
  "aws:cloudformation/stack:Stack",
  "aws:sagemaker/algorithm:Algorithm",
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  "aws:sagemaker/monitoringSchedule:MonitoringSchedule",
  "aws:sagemaker/pipeline:Pipeline",
  "aws:scheduler/schedule:Schedule",
  "aws:sfn/stateMachine:StateMachine",
];
const DYNAMIC = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";
/** Properties of the dynamic resource that rules read; its types are the API's, which the fuzz over the native one covers. */
const DYNAMIC_OUTPUTS = [
  ...[
    "resourceConfig",
    "stoppingCondition",
    "enableManagedSpotTraining",
    "spot",
    "checkpointConfig",
    "vpcConfig",
  ],
  ...[
    "algorithmSpecification",
    "outputDataConfig",
    "hyperparameters",
    "environment",
    "tags",
    "roleArn",
    "cost",
  ],
  ...["modelArtifact", "status", "metrics", "attempts", "enableNetworkIsolation", "prices", "region"],
];

/** What a provider may report for anything, whatever the types say. */
const ODD: Record<string, unknown> = {
  "an empty text": "",
  null: null,
  nothing: undefined,
  "an unknown value": unknown.text,
  "a text that is no JSON": "{ not json",
  "JSON of nothing": "null",
  "JSON of a list": "[1, null]",
  "a document": { Version: "2012-10-17", Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*" }] },
  "a document with holes": {
    Statement: [null, { Effect: null, Action: null, Principal: { AWS: null } }, "x"],
  },
  "an empty map": {},
  "an empty list": [],
  "a list of holes": [null, undefined, "", {}],
  "a number": -1,
  "not a number": Number.NaN,
  "a switch": true,
  "nested unknowns": { a: unknown.text, rule: unknown.text, instanceType: unknown.text },
  "a list of odd values": ["wrong", 7, true, ["x"], { policy: 7, instanceType: {}, arn: [] }],
  "deep nesting": {
    rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: null } },
    instanceCount: "x",
  },
};

/** Rules on what training uses look at nothing where nothing trains. */
const training = jobKinds[1]?.job() as StackResource;

function resourceWith(type: string, properties: Record<string, unknown>): StackResource {
  return { type, name: "odd", props: properties };
}

describe("every rule, given anything that a provider may report", () => {
  const declared = [
    ...TYPES.map((type) => [type, sdkType(type).outputs] as const),
    [DYNAMIC, DYNAMIC_OUTPUTS] as const,
  ];
  for (const [type, outputs] of declared) {
    it(`never crashes on ${type}`, () => {
      assert.ok(outputs.length > 1, "its types were found");
      for (const [what, value] of Object.entries(ODD)) {
        const all = Object.fromEntries(outputs.map((name) => [name, value]));
        const sets = [all, ...outputs.map((name) => ({ [name]: value }))];
        for (const properties of sets)
          tryAll(resourceWith(type, properties), `${Object.keys(properties)}: ${what}`);
      }
    });
  }

  it("turns any error of a rule into what the user can read", () => {
    const broken = guarded<ResourceValidationPolicy>({
      name: "broken",
      description: "Fails.",
      validateResource: () => {
        throw new Error("out of order");
      },
    });
    const { violations } = examine(broken, resourceWith("aws:iam/role:Role", {}));
    assert.match(violations.join(), /"odd" could not be judged by broken: out of order/);
  });

  it("says what it could not read, and does not let it pass", () => {
    const odd = resourceWith("aws:s3/bucketPolicy:BucketPolicy", { bucket: "b", policy: "{ not json" });
    const bucket = resourceWith("aws:s3/bucket:Bucket", { bucket: "b" });
    const privateBuckets = rules.find(({ name }) => name === "private-buckets") as StackValidationPolicy;
    const { violations } = examineStack(privateBuckets, [bucket, odd, training]);
    assert.match(
      violations.join("\n"),
      /bucket "odd" could not be judged by private-buckets: the policy document cannot be read/,
    );
  });
});

const sharedPolicy = "arn:aws:iam::123456789012:policy/shared";
/** What attaches a policy of its own to the role of the training. */
const attached: StackResource[] = [
  {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: "attached",
    props: { role: "training", policyArn: sharedPolicy },
  },
];

/** Resources that give away too much, each by the one value at the path, and the rule that refuses them. */
const careless: {
  rule: string;
  type: string;
  path: string;
  props: Record<string, unknown>;
}[] = [
  ...["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"].map((type) => ({
    rule: "least-privilege-role",
    type,
    path: "policy",
    props: {
      role: "training",
      arn: sharedPolicy,
      policy: { Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] },
    },
  })),
  ...[
    ["aws:iam/policyAttachment:PolicyAttachment", "policyArn"],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"],
    ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns"],
  ].map(([type = "", path = ""]) => {
    const arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    return {
      rule: "least-privilege-role",
      type,
      path,
      props: {
        role: "training",
        roles: ["training"],
        roleName: "training",
        [path]: path.endsWith("s") ? [arn] : arn,
      },
    };
  }),
  {
    rule: "least-privilege-role",
    type: "aws:iam/role:Role",
    path: "assumeRolePolicy",
    props: {
      assumeRolePolicy: {
        Statement: [
          { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
    },
  },
];

describe("what gives away too much", () => {
  for (const { rule: name, type, path, props } of careless) {
    it(`is not let pass by a value that nobody can read: ${type}`, () => {
      const rule = rules.find((each) => each.name === name) as StackValidationPolicy;
      const judge = (properties: Record<string, unknown>) =>
        examineStack(rule, [resourceWith(type, properties), ...attached, training]);
      assert.equal(judge(props).violations.length, 1);
      const wrong =
        path === "assumeRolePolicy"
          ? ["", null, undefined, {}, "{ not json", "null", 7, true, [1], { Statement: [7] }]
          : path === "policy"
            ? [
                "{ not json",
                7,
                true,
                [1],
                { Statement: [{ Effect: 7 }] },
                { Statement: [{ Effect: "Allow", Action: 7 }] },
              ]
            : [{}, [7, { arn: 7 }], { odd: true }, [["x"]]];
      for (const value of wrong) {
        const { violations, notApplicable } = judge({ ...props, [path]: value });
        assert.ok(violations.length > 0, `${path}: ${JSON.stringify(value)} passes ${notApplicable}`);
      }
    });
  }
});

/** Every rule, on one resource and on the stack that holds it; a crash is told with the rule. */
function tryAll(resource: StackResource, what: string): void {
  for (const rule of rules) {
    try {
      if ("validateStack" in rule) {
        examineStack(rule as StackValidationPolicy, [resource, training], {
          modelArtifact: resource.props.modelArtifact,
        });
      } else {
        examine(rule as ResourceValidationPolicy, resource);
        remediate(rule as ResourceValidationPolicy, resource);
      }
    } catch (error) {
      // The policy SDK's own sign, which it turns into a note: a remedy hands it on.
      if ((error as Error).constructor.name === "UnknownValueError") continue;
      assert.fail(`${rule.name} on ${resource.type} with ${what}: ${(error as Error).stack}`);
    }
  }
}
