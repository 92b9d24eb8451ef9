import { OWNER_TAGS } from "../identity/owner";
import { apiShape, type Shape } from "../model/apiModel";

/** Days, in seconds. */
const DAY = 86_400;

const INSTANCE_TYPE = "ml\\.[a-z0-9-]+\\.[a-z0-9-]+";

const text = (limits: Omit<Shape, "type"> = {}): Shape => ({
  type: "string",
  ...limits,
});
const oneOf = (...values: string[]): Shape => ({
  type: "string",
  enum: values,
  closed: true,
});
const structure = (members: Record<string, string>, required: string[] = []): Shape => ({
  type: "structure",
  members,
  required,
});

const request = apiShape("CreateTrainingJobRequest");
const { TrainingJobName: _name, ...requestMembers } = request.members ?? {};

/**
 * What the inputs look like, where that is more, or narrower, than the API's model: the resource's own properties,
 * and limits that only the documentation tells. A shape here hides the API's shape of the same name.
 */
export const ownShapes: Record<string, Shape> = {
  TrainingJob: structure(
    {
      ...requestMembers,
      HyperParameters: "HyperparameterMap",
      Tags: "TagMap",
      BaseJobName: "BaseJobName",
      RunId: "AnyText",
      Adopt: "TrainingJobName",
      SourceUri: "SourceUri",
      EntryPoint: "EntryPoint",
      Distribution: "Distribution",
      OnCancel: "OnCancel",
      DeletePolicy: "DeletePolicy",
      OnFailure: "OnFailure",
      LogUrn: "Anything",
      Project: "Anything",
      Stack: "Anything",
      Mark: "Anything",
      Account: "Anything",
      Region: "Region",
      AwsConfig: "Anything",
      SourceFiles: "Anything",
      SourceVersion: "SourceVersion",
      DataFingerprints: "Anything",
      LivePrices: "Boolean",
      Prices: "Anything",
      SecretInputs: "Anything",
      __provider: "Anything",
      Spot: "Spot",
    },
    (request.required ?? []).filter((member) => member !== "TrainingJobName"),
  ),

  // Own.
  BaseJobName: apiShape("TrainingJobName"),
  SourceUri: text({ max: 1024, pattern: "s3://[^/]+/.+\\.tar\\.gz" }),
  Region: text({ min: 1, pattern: "[a-z]{2,}(-[a-z]+)+-\\d+" }),
  EntryPoint: text({ min: 1, max: 256 }),
  Distribution: oneOf("none", "torchDistributed", "pytorchddp"),
  OnCancel: oneOf("detach", "stop"),
  DeletePolicy: oneOf("retain", "delete"),
  OnFailure: oneOf("fail", "retry", "record"),
  Spot: structure({
    Fallback: "SpotFallback",
    CapacityRetries: "CapacityRetries",
  }),
  SourceVersion: structure({ Digest: "AnyText", Commit: "AnyText", Clean: "Boolean" }),
  SpotFallback: oneOf("none", "on-demand"),
  CapacityRetries: { type: "integer", min: 0, max: 10 },
  Channel: structure(
    { ...apiShape("Channel").members, Fingerprint: "Boolean" },
    apiShape("Channel").required,
  ),
  AnyText: text({ max: 256 }),
  Anything: { type: "any" },

  // A map here, a list of pairs in the API, which has room for the owner's tags too.
  TagMap: {
    type: "map",
    max: (apiShape("TagList").max ?? 50) - OWNER_TAGS.length,
    key: "TagKey",
    value: "TagValue",
  },
  // Values are checked in their encoded form.
  HyperparameterMap: { ...apiShape("HyperParameters"), value: "Anything" },

  // Documentation of the members: at least one machine, 28 days, one hour of warm pool. Such a limit holds for every member that has
  // the shape: the tests list them.
  TrainingInstanceCount: { type: "integer", min: 1 },
  MaxRuntimeInSeconds: { type: "integer", min: 1, max: 28 * DAY },
  KeepAlivePeriodInSeconds: { type: "integer", min: 0, max: 3600 },
  // A type may be newer than the model, but all have this form.
  TrainingInstanceType: { ...apiShape("TrainingInstanceType"), pattern: INSTANCE_TYPE },
  ProcessingInstanceType: { ...apiShape("ProcessingInstanceType"), pattern: INSTANCE_TYPE },

  // Filled in by check.
  AlgorithmSpecification: {
    ...apiShape("AlgorithmSpecification"),
    required: [],
  },
};

/** Properties that check resolves into others, so that no shape has them any more. */
export const SHORTHANDS = ["metricDefinitions", "maxRun", "maxPending", "warmPool"];

/** What other tools call something that is spelled or solved differently here. */
export const RENAMED: Record<string, string> = {
  trainingJobName:
    "the name is made from baseJobName and a hash of the inputs; set baseJobName, or adopt an existing job",
  inputDataConfigs: "write inputDataConfig, as the API does",
  instanceType: "set resourceConfig.instanceType",
  instanceCount: "set resourceConfig.instanceCount",
  trainingImage: "set algorithmSpecification.trainingImage",
  maxWait: "set spot.maxWait",
  keepAlive: "set warmPool.keepAlive",
  sourceDir: "set sourceUri to the packed source in S3",
};
