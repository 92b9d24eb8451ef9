import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ALARM_PERIOD, type DeployConfig } from "./deployConfig";
import { InferenceImage, inferenceTag } from "./inferenceImage";
import { InferenceRole, readBy } from "./inferenceRole";
import type { Model } from "./model";
import { fitName } from "./names";
import { deploymentConfigOf } from "./rollout/deploymentConfig";
import { EndpointOwner } from "./rollout/endpointOwner";
import { leftEndpoint, refusesTakenName, stackLookup } from "./rollout/leftEndpoint";
import { Rollout } from "./rollout/rollout";
import type { SmokeRequest } from "./rollout/smoke";
import { contentTypeOf } from "./rollout/smoke";
import type { Lookup } from "./rollout/takeUp";
import type { Processor } from "./trainingImage";
import { MARK_TAG } from "./trainingJob/identity/owner";

/** The stack's configuration is the endpoint's arguments, with what the training stack hands on. */
export interface ModelEndpointArgs extends Omit<DeployConfig, "trainingStack"> {
  model: Model;
  /** Bucket of the training stack. */
  bucket: string;
}

/** The one variant; old and new must have it by the same name for an update to be watched (Developer Guide, Exclusions). */
const VARIANT = "main";
/** Longest name of a model or a configuration (63) that Pulumi's suffix still goes behind. */
const LONGEST = 55;

/**
 * A trained model behind a SageMaker endpoint: image, role, model, endpoint configuration, endpoint, an alarm where there are instances, and
 * the rollout, which is done once the model answers rightly.
 *
 * Names of model and configuration are made of their contents: another model has resources of its own, and those of the model before stay
 * until the new one has been rolled out. A rollout that fails leaves both, and the next one that succeeds removes all others.
 *
 * @example
 * const { model, bucket } = await trainedModel("organization/training/dev");
 * const served = new ModelEndpoint("endpoint", { ...loadDeployConfig(), model, bucket });
 */
export class ModelEndpoint extends pulumi.ComponentResource {
  public readonly endpointName: pulumi.Output<string>;
  /** The model that answers: what a rollout that fails leaves is the one before. */
  public readonly modelInService: pulumi.Output<Model>;
  /** A command line that asks it. */
  public readonly call: pulumi.Output<string>;

  /** `lookup`: the AWS in which an endpoint may be that no state has. Default: that of the stack's `aws:` configuration. */
  constructor(
    name: string,
    args: ModelEndpointArgs,
    opts?: pulumi.ComponentResourceOptions,
    lookup: () => Lookup = stackLookup,
  ) {
    super("training:index:ModelEndpoint", name, {}, opts);
    const smoke = smokeRequest(args);
    const endpointName = args.endpointName ?? defaultName();
    const image = new InferenceImage(`${name}-image`, imageArgs(args), { parent: this });
    const alarm = createAlarm(name, endpointName, args, this);
    const role = createRole(name, args, { image, alarm }, this);
    const model = createModel(name, args, { image, role }, this);
    const config = createConfiguration(name, args, model, this);
    // Removed before the configuration, role and model, which an endpoint needs to come to rest.
    const owner = new EndpointOwner(`${name}-owner`, { endpointName }, { parent: this, dependsOn: config });
    // A provider of the program's own may be of another account, in which nothing is looked for.
    const looks = this.getProvider("aws:index:Provider") === undefined;
    const hooks = looks ? { beforeCreate: [refusesTakenName(endpointName, lookup)] } : undefined;
    const imported = looks ? leftEndpoint(endpointName, owner, lookup, this) : pulumi.output(undefined);
    const endpoint = imported.apply((id) =>
      createEndpoint(name, endpointName, args, { config, owner, imported: id, hooks }, this),
    );
    const rollout = new Rollout(
      `${name}-rollout`,
      {
        endpointName: endpoint.name,
        configName: config.name,
        model: args.model,
        smoke,
        deploymentConfig: deploymentConfigOf(args, alarm?.name),
      },
      { parent: this },
    );
    this.endpointName = endpoint.name;
    this.modelInService = rollout.modelInService;
    this.call = pulumi.all([rollout.endpointName, endpoint.region]).apply(commandLine(smoke));
    this.registerOutputs({ endpointName: this.endpointName, modelInService: this.modelInService });
  }
}

/** Names of stacks may have what names of endpoints may not. */
function defaultName(): string {
  const stack = pulumi.getStack().replace(/[^a-zA-Z0-9]+/g, "-");
  return fitName(`training-${stack}`, 63).replace(/-+$/, "");
}

/** Another file of the same name is another request. Throws where there is no such file; what is in S3 is read when it is asked. */
function smokeRequest({
  smokeRequest: request,
  smokeLabel: label,
  smokeAnswer: answer,
}: ModelEndpointArgs): SmokeRequest {
  if (request.startsWith("s3://")) return { request, label, answer };
  try {
    return { request, label, answer, digest: shortHash(readFileSync(request)) };
  } catch (error) {
    throw new pulumi.RunError(
      `The smoke request ${request} cannot be read (${(error as NodeJS.ErrnoException).code}): name a file relative to the program, or ` +
        "s3://BUCKET/KEY (training-deploy:smokeRequest).",
    );
  }
}

const processorOf = ({ instanceType = "" }: ModelEndpointArgs): Processor =>
  /^ml\.[gp]/.test(instanceType) ? "gpu" : "cpu";

const imageArgs = (args: ModelEndpointArgs) => ({
  trainingImage: args.model.image,
  frameworkVersion: args.frameworkVersion,
  processor: processorOf(args),
  uri: args.imageUri,
});

/** SageMaker looks at it while an update moves requests, and rolls back; with a serverless endpoint it does not. */
function createAlarm(
  name: string,
  endpointName: string,
  { instanceType, rollbackErrorRate, tags }: ModelEndpointArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm | undefined {
  if (instanceType === undefined || rollbackErrorRate === 100) return undefined;
  return new aws.cloudwatch.MetricAlarm(
    `${name}-errors`,
    {
      alarmDescription: `Requests to the endpoint ${endpointName} that its model answers with an error`,
      namespace: "AWS/SageMaker",
      metricName: "Invocation5XXErrors",
      dimensions: { EndpointName: endpointName, VariantName: VARIANT },
      statistic: "Average", // each request counts 0 or 1
      period: ALARM_PERIOD,
      evaluationPeriods: 1,
      threshold: rollbackErrorRate / 100,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      tags,
    },
    { parent },
  );
}

function createRole(
  name: string,
  args: ModelEndpointArgs,
  { image, alarm }: { image: InferenceImage; alarm?: aws.cloudwatch.MetricAlarm },
  parent: pulumi.Resource,
): InferenceRole {
  const { bucket, kmsKeyArn, imageUri } = args;
  const { artifact } = args.model;
  return new InferenceRole(
    `${name}-execution-${hashOf(readBy({ artifact, bucket, kmsKeyArn }, imageUri))}`,
    {
      roleArn: args.roleArn,
      artifact,
      bucket,
      repositoryArn: image.repositoryArn,
      kmsKeyArn,
      captureUri: args.dataCapture > 0 ? `s3://${bucket}/captured` : undefined,
      alarmArn: alarm?.arn,
      permissionsBoundary: args.permissionsBoundary,
      tags: args.tags,
    },
    // What an earlier release called it, whatever it could read.
    { parent, aliases: [{ name: `${name}-execution` }] },
  );
}

/** What AWS's image serves: the functions of code/inference.py in the artifact. */
const ENVIRONMENT = {
  SAGEMAKER_PROGRAM: "inference.py",
  SAGEMAKER_SUBMIT_DIRECTORY: "/opt/ml/model/code",
};

/** What a model is, as far as the program decides it. */
const modelHash = (args: ModelEndpointArgs): string =>
  hashOf([args.model.artifact, args.imageUri ?? inferenceTag(imageArgs(args)), ENVIRONMENT]);

function createModel(
  name: string,
  args: ModelEndpointArgs,
  { image, role }: { image: InferenceImage; role: InferenceRole },
  parent: pulumi.Resource,
): aws.sagemaker.Model {
  return new aws.sagemaker.Model(
    fitName(`${name}-model-${modelHash(args)}`, LONGEST),
    {
      executionRoleArn: role.arn,
      primaryContainer: { image: image.uri, modelDataUrl: args.model.artifact, environment: ENVIRONMENT },
      tags: args.tags,
    },
    { parent },
  );
}

function createConfiguration(
  name: string,
  args: ModelEndpointArgs,
  model: aws.sagemaker.Model,
  parent: pulumi.Resource,
): aws.sagemaker.EndpointConfiguration {
  const { instanceType, instanceCount, memorySize, maxConcurrency, dataCapture, kmsKeyArn } = args;
  const hosting =
    instanceType === undefined
      ? { serverlessConfig: { memorySizeInMb: memorySize, maxConcurrency } }
      : { instanceType, initialInstanceCount: instanceCount };
  const capture = dataCapture > 0 ? dataCaptureConfig(args) : undefined;
  const hash = hashOf([modelHash(args), hosting, capture, kmsKeyArn]);
  return new aws.sagemaker.EndpointConfiguration(
    fitName(`${name}-config-${hash}`, LONGEST),
    {
      productionVariants: [
        { variantName: VARIANT, modelName: model.name, initialVariantWeight: 1, ...hosting },
      ],
      dataCaptureConfig: capture,
      tags: args.tags,
    },
    { parent },
  );
}

const dataCaptureConfig = ({ dataCapture, bucket, kmsKeyArn }: ModelEndpointArgs) => ({
  enableCapture: true,
  initialSamplingPercentage: dataCapture,
  destinationS3Uri: `s3://${bucket}/captured`,
  kmsKeyId: kmsKeyArn,
  captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
});

/** Made with the first configuration. Every later one is brought to it by the rollout, which can take it back. */
function createEndpoint(
  name: string,
  endpointName: string,
  { tags }: ModelEndpointArgs,
  {
    config,
    owner,
    imported,
    hooks,
  }: {
    config: aws.sagemaker.EndpointConfiguration;
    owner: EndpointOwner;
    imported?: string;
    hooks?: pulumi.ResourceHookBinding;
  },
  parent: pulumi.Resource,
): aws.sagemaker.Endpoint {
  return new aws.sagemaker.Endpoint(
    `${name}-endpoint`,
    { name: endpointName, endpointConfigName: config.name, tags: { ...tags, [MARK_TAG]: owner.mark } },
    // SageMaker reports how the last rollout moved, which the AWS provider would take for a difference.
    { parent, ignoreChanges: ["endpointConfigName", "deploymentConfig"], import: imported, hooks },
  );
}

const commandLine =
  ({ request }: SmokeRequest) =>
  ([endpoint, region]: [string, string]): string =>
    `aws sagemaker-runtime invoke-endpoint --endpoint-name ${endpoint} --region ${region} ` +
    `--content-type ${contentTypeOf(request)} --body fileb://FILE /dev/stdout`;

const hashOf = (value: unknown): string => shortHash(JSON.stringify(value));
const shortHash = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 8);
