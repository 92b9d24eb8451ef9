import type { Policies, PolicyComplianceFramework } from "@pulumi/policy";

type Policy = Policies[number];

/** What Pulumi Cloud shows of a rule beside its description. */
interface Metadata {
  displayName: string;
  tags: string[];
  framework?: PolicyComplianceFramework;
  /** How to keep the rule, in one or two sentences. */
  remediationSteps: string;
  /** A page of AWS on what the rule is about. */
  url: string;
}

const sagemaker = "https://docs.aws.amazon.com/sagemaker/latest/dg";
const api = "https://docs.aws.amazon.com/sagemaker/latest/APIReference";

const wellArchitected = (reference: string, specification: string): PolicyComplianceFramework => ({
  name: "AWS Well-Architected Framework, Cost Optimization pillar",
  version: "latest",
  reference,
  specification,
});
const costControls = wellArchitected("COST02-BP05", "Implement cost controls");

const nist = (reference: string, specification: string): PolicyComplianceFramework => ({
  name: "NIST SP 800-53",
  version: "Rev. 5",
  reference,
  specification,
});

/** By the name of the rule. */
const metadata: Readonly<Record<string, Metadata>> = {
  "managed-spot-required": {
    displayName: "Managed spot required",
    tags: ["cost", "spot"],
    framework: wellArchitected("COST 7", "How do you use pricing models to reduce cost?"),
    remediationSteps: "Enable managed spot training, with a max wait that is longer than the max run.",
    url: `${sagemaker}/model-managed-spot-training.html`,
  },
  "max-run-limit": {
    displayName: "Max run limit",
    tags: ["cost"],
    framework: costControls,
    remediationSteps:
      "Lower the max run of the job to the limit, and train in parts that resume from checkpoints.",
    url: `${api}/API_StoppingCondition.html`,
  },
  "max-wait-limit": {
    displayName: "Max wait limit",
    tags: ["cost", "spot"],
    framework: costControls,
    remediationSteps: "Set the max wait of a spot job between its max run and the limit.",
    url: `${sagemaker}/model-managed-spot-training.html`,
  },
  "allowed-instance-types": {
    displayName: "Allowed instance types",
    tags: ["cost"],
    framework: costControls,
    remediationSteps:
      "Choose one of the allowed instance types, for the training and for its debugger and profiler rules.",
    url: `${api}/API_ResourceConfig.html`,
  },
  "allowed-regions": {
    displayName: "Allowed regions",
    tags: ["cost", "residency"],
    framework: costControls,
    remediationSteps: "Train in one of the allowed regions: set the region of the job or of its provider.",
    url: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html",
  },
  "instance-count-limit": {
    displayName: "Instance count limit",
    tags: ["cost"],
    framework: costControls,
    remediationSteps: "Lower the instance count of the job, or the number of tuning jobs at a time.",
    url: `${sagemaker}/regions-quotas.html`,
  },
  "stack-instance-limit": {
    displayName: "Stack instance limit",
    tags: ["cost"],
    framework: costControls,
    remediationSteps: "Let fewer jobs of the stack run at a time, or give them fewer instances.",
    url: `${sagemaker}/regions-quotas.html`,
  },
  "worst-case-cost-limit": {
    displayName: "Worst-case cost limit",
    tags: ["cost"],
    framework: costControls,
    remediationSteps: "Shorten the max run, lower the instance count, or choose a cheaper instance type.",
    url: "https://aws.amazon.com/sagemaker/pricing/",
  },
  "stack-cost-limit": {
    displayName: "Stack cost limit",
    tags: ["cost"],
    framework: costControls,
    remediationSteps: "Lower the worst case of single jobs, or split the stack.",
    url: "https://aws.amazon.com/sagemaker/pricing/",
  },
  "warm-pool-limit": {
    displayName: "Warm pool limit",
    tags: ["cost"],
    framework: costControls,
    remediationSteps: "Lower the keep-alive period to the limit; use no warm pool together with spot.",
    url: `${sagemaker}/train-warm-pools.html`,
  },
  "running-machines-limit": {
    displayName: "Running machines limit",
    tags: ["cost", "serving"],
    framework: costControls,
    remediationSteps:
      "Serve without servers, or on few machines of an allowed type, and take down what nobody uses.",
    url: `${sagemaker}/serverless-endpoints.html`,
  },
  "endpoint-cost-limit": {
    displayName: "Endpoint cost limit",
    tags: ["cost", "serving"],
    framework: costControls,
    remediationSteps: "Serve without servers, on a cheaper instance type, or on fewer instances.",
    url: "https://aws.amazon.com/sagemaker/pricing/",
  },
  "serverless-endpoint-limit": {
    displayName: "Serverless endpoint limit",
    tags: ["cost", "serving"],
    framework: costControls,
    remediationSteps:
      "Lower the memory of the endpoint to what its model needs, and its maximum concurrency.",
    url: `${sagemaker}/serverless-endpoints.html`,
  },
  "no-other-way-to-train": {
    displayName: "No other way to train",
    tags: ["cost", "security"],
    remediationSteps: "Start training by a resource whose properties the other rules can look at.",
    url: `${sagemaker}/how-it-works-training.html`,
  },
  "checkpoint-with-spot": {
    displayName: "Checkpoints with spot",
    tags: ["cost", "spot", "reliability"],
    framework: wellArchitected("COST 7", "How do you use pricing models to reduce cost?"),
    remediationSteps:
      "Give the job a checkpoint location that no other job uses, and write checkpoints to /opt/ml/checkpoints.",
    url: `${sagemaker}/model-checkpoints.html`,
  },
  "model-artifact-output": {
    displayName: "Model artifact is a stack output",
    tags: ["reliability"],
    remediationSteps: "Export the model artifact of the training job from the stack.",
    url: "https://www.pulumi.com/docs/iac/concepts/inputs-outputs/",
  },
  "training-completed": {
    displayName: "Training completed",
    tags: ["reliability"],
    remediationSteps: "Mend what the failure reason and the log of the job say, and deploy again.",
    url: `${sagemaker}/how-it-works-training.html`,
  },
  "network-isolation-or-vpc": {
    displayName: "Network isolation or VPC",
    tags: ["security", "network"],
    framework: nist("SC-7", "Boundary Protection"),
    remediationSteps: "Isolate the training container from the network, or run it in subnets of a VPC.",
    url: `${sagemaker}/mkt-algo-model-internet-free.html`,
  },
  "inter-container-encryption": {
    displayName: "Encrypted traffic between instances",
    tags: ["security", "encryption", "network"],
    framework: nist("SC-8", "Transmission Confidentiality and Integrity"),
    remediationSteps: "Enable inter-container traffic encryption on jobs with more than one instance.",
    url: `${sagemaker}/train-encrypt.html`,
  },
  "kms-keys-required": {
    displayName: "KMS keys required",
    tags: ["security", "encryption"],
    framework: nist("SC-28", "Protection of Information at Rest"),
    remediationSteps:
      "Name an allowed KMS key for the artifacts, and for the volumes where the instances have no disks of their own.",
    url: `${sagemaker}/encryption-at-rest.html`,
  },
  "no-plaintext-credentials": {
    displayName: "No credentials in plain text",
    tags: ["security", "secrets"],
    framework: nist("IA-5(7)", "Authenticator Management: No Embedded Unencrypted Static Authenticators"),
    remediationSteps:
      "Take the credential out of the job, replace it, and read it in the container from AWS Secrets Manager.",
    url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html",
  },
  "least-privilege-role": {
    displayName: "Least-privilege execution role",
    tags: ["security", "iam"],
    framework: nist("AC-6", "Least Privilege"),
    remediationSteps: "Replace wildcard actions and managed policies by the actions that the training needs.",
    url: `${sagemaker}/sagemaker-roles.html`,
  },
  "private-buckets": {
    displayName: "Private buckets",
    tags: ["security", "storage"],
    framework: nist("AC-3", "Access Enforcement"),
    remediationSteps:
      "Block public access, refuse requests without TLS, and encrypt with a KMS key where one is asked for.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  },
  "required-tags": {
    displayName: "Required tags",
    tags: ["cost", "tags"],
    framework: wellArchitected("COST03-BP02", "Add organization information to cost and usage"),
    remediationSteps: "Set the tags on the job, or as default tags of its provider.",
    url: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
  },
  "trusted-image": {
    displayName: "Trusted training image",
    tags: ["security", "supply-chain"],
    framework: nist("SI-7", "Software, Firmware, and Information Integrity"),
    remediationSteps:
      "Copy the image to an allowed registry, and name it by its digest where one is asked for.",
    url: `${sagemaker}/your-algorithms-training-algo.html`,
  },
  "no-remote-debug": {
    displayName: "No remote debugging",
    tags: ["security"],
    framework: nist("AC-17", "Remote Access"),
    remediationSteps: "Disable remote debugging of the training job.",
    url: `${sagemaker}/train-remote-debugging.html`,
  },
};

/** The rule with what Pulumi Cloud shows of it. */
export function described<P extends Policy>(policy: P): P {
  return { ...policy, ...metadata[policy.name] };
}
