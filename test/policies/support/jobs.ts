import type { Resource } from "../../../policies/training/adapter";
import { dynamicType, nativeType, tuningType } from "../../../policies/training/adapter";

/** What a case changes: a path of the API's own names, and the value to put there; undefined removes. */
export type Changes = Record<string, unknown>;

/** Properties by name, as a program writes them. */
type Properties = Record<string, unknown>;

/** A resource type that starts training, and a job of it that no rule objects to. */
export interface Kind {
  type: string;
  /** That job, with some of its properties changed. */
  job: (changes?: Changes) => Resource;
}

/** The engine's marks for a text, a number, a truth value and an object that are not known at preview. */
export const unknown = {
  text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  flag: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  list: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
};

const digest = "sha256:7173b809ca12ec5dee4506cd86be934c4596dd234ee82c0662eac04a8c2c71dc";

/** What all three types share. It passes every rule at its default limits. */
const definition = {
  algorithmSpecification: {
    trainingImage: `763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training@${digest}`,
    trainingInputMode: "File",
  },
  roleArn: "arn:aws:iam::123456789012:role/training",
  environment: { LOG_LEVEL: "info" },
  outputDataConfig: {
    s3OutputPath: "s3://artifacts/mednist",
    kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1 },
  stoppingCondition: { maxRuntimeInSeconds: 3600, maxWaitTimeInSeconds: 7200 },
  enableManagedSpotTraining: true,
  checkpointConfig: { s3Uri: "s3://artifacts/checkpoints/mednist" },
  enableNetworkIsolation: true,
};

const hyperparameters = { epochs: "4", lr: "0.001" };
/** The region whose prices the pack knows. */
const region = "us-east-1";
const tags = { owner: "imaging", "cost-center": "4711" };

const dynamicJob: Kind = {
  type: dynamicType,
  job: (changes = {}) =>
    resource(dynamicType, change({ ...definition, region, hyperparameters, tags }, changes)),
};

const nativeJob: Kind = {
  type: nativeType,
  job: (changes = {}) =>
    resource(
      nativeType,
      change(
        { ...definition, region, trainingJobName: "mednist", hyperParameters: hyperparameters, tags },
        rename(changes, { hyperparameters: "hyperParameters" }),
      ),
    ),
};

const tuningJob: Kind = {
  type: tuningType,
  job: (changes = {}) => {
    const own = Object.entries(changes).filter(([path]) => /^(tags|config|region)\b/.test(path));
    const inner = Object.entries(changes).filter(([path]) => !/^(tags|config|region)\b/.test(path));
    const trainingJobDefinition = change(
      { ...definition, staticHyperParameters: hyperparameters },
      rename(Object.fromEntries(inner), { hyperparameters: "staticHyperParameters" }),
    );
    const config = {
      strategy: "Bayesian",
      resourceLimits: { maxParallelTrainingJobs: 1, maxNumberOfTrainingJobs: 2 },
    };
    return resource(
      tuningType,
      change({ config, region, trainingJobDefinition, tags }, Object.fromEntries(own)),
    );
  },
};

/** The three types that start training. */
export const kinds: Kind[] = [dynamicJob, nativeJob, tuningJob];

/** The two types that start one job. */
export const jobKinds: Kind[] = [dynamicJob, nativeJob];

/** The kind of a type that starts training. */
export function kindOf(type: string): Kind {
  const kind = kinds.find((each) => each.type === type);
  if (kind === undefined) throw new Error(`no kind of job has the type ${type}`);
  return kind;
}

/** Declares the tests once for every type given. */
export function forEvery(some: Kind[], declare: (kind: Kind) => void): void {
  for (const kind of some) {
    describe(kind.type, () => declare(kind));
  }
}

function resource(type: string, props: Properties): Resource {
  return { type, name: "mednist", props };
}

/** A deep copy with the values at some paths replaced. */
export function change<T extends object>(original: T, changes: Changes): Properties {
  const copy = structuredClone(original) as Properties;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    let holder = copy;
    for (const key of keys) {
      holder[key] ??= {};
      holder = holder[key] as Properties;
    }
    if (value === undefined) {
      delete holder[last];
    } else {
      holder[last] = value;
    }
  }
  return copy;
}

function rename(changes: Changes, names: Record<string, string>): Changes {
  return Object.fromEntries(
    Object.entries(changes).map(([path, value]) => {
      const [first, ...rest] = path.split(".");
      return [[names[first as string] ?? first, ...rest].join("."), value];
    }),
  );
}
