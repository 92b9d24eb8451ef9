import * as pulumi from "@pulumi/pulumi";

/** A resource that the program asked for, as the engine would see it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Name of the parent. */
  parent: string;
  retainOnDelete: boolean;
  /** Id of what is there already and is taken over; "" for none. */
  importId: string;
  ignoreChanges: string[];
  /** Names that it was known by. */
  aliases: string[];
  /** Names of the resources that it waits for. */
  dependencies: string[];
  /** The same for each of its inputs that waits for any. */
  propertyDependencies: Record<string, string[]>;
}

type Answers = Record<string, Record<string, unknown>>;

export const ACCOUNT = "111122223333";
/** Of every image that is built. */
export const IMAGE_DIGEST = `sha256:${"4567".repeat(16)}`;

/** What the AWS provider knows about everything that a test creates or looks up. */
const LOOKUPS: Answers = {
  // It has been deployed before.
  "pulumi:pulumi:readStackOutputs": { outputs: { trainingJobName: "before" } },
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:index/getRegion:getRegion": { region: "us-east-1", name: "us-east-1" },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
};

interface ProgramOptions {
  config?: Record<string, string>;
  lookups?: Answers;
  /** What resources come out with, by name, besides their inputs. */
  made?: Answers;
  /** Whether it is a preview. Default: false. */
  preview?: boolean;
}

/**
 * Runs a program without an engine: constructors get answers like AWS's, and what they asked for is recorded. Use it once for each
 * test; `config` are keys such as `training:experiment`.
 */
export async function runProgram<T>(
  program: () => T,
  { config = {}, lookups = {}, made = {}, preview = false }: ProgramOptions = {},
): Promise<Program<T>> {
  const recorded = new Map<string, Record<string, unknown>>();
  const calls: { token: string; inputs: Record<string, unknown> }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        recorded.set(`${type}::${name}`, inputs);
        return { id: `${name}-id`, state: { ...inputs, ...computed(type, name, inputs), ...made[name] } };
      },
      call: ({ token, inputs }) => {
        calls.push({ token, inputs });
        const answer = { ...LOOKUPS, ...lookups }[token];
        if (!answer) throw new Error(`the test has no answer for ${token}`);
        return { ...inputs, ...answer };
      },
    },
    "training",
    "dev",
    preview,
    "acme",
  );
  pulumi.runtime.setAllConfig(config);
  const requests = recordRequests();
  const result = program();
  await pulumi.runtime.disconnect();
  const resources = requests.map((request) => ({
    type: request.getType(),
    name: request.getName(),
    inputs: recorded.get(`${request.getType()}::${request.getName()}`) ?? {},
    parent: request.getParent().split("::").at(-1) ?? "",
    retainOnDelete: request.getRetainondelete(),
    importId: request.getImportid(),
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getName() ?? nameOf(alias.getUrn())),
    dependencies: request.getDependenciesList().map(nameOf),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()]
        .map(([property, urns]) => [property, urns.getUrnsList().map(nameOf)] as const)
        .filter(([, names]) => names.length > 0),
    ),
  }));
  return { result, resources, calls };
}

/** The part of a request to the engine that tells what a constructor's options came to. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getRetainondelete(): boolean;
  getImportid(): string;
  getIgnorechangesList(): string[];
  getAliasesList(): { getSpec(): { getName(): string } | undefined; getUrn(): string }[];
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

/** Mocks are not told of a resource's options; the engine is. */
function recordRequests(): RegisterRequest[] {
  const requests: RegisterRequest[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource: (request: RegisterRequest, ...rest: unknown[]) => unknown;
    registerResourceHook: (request: unknown, done: (error: null, answer: object) => void) => void;
  };
  // Mocks know no hooks, and nothing calls them here.
  monitor.registerResourceHook = (_request, done) => done(null, {});
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    requests.push(request);
    return register(request, ...rest);
  };
  return requests;
}

export interface Program<T> {
  result: T;
  resources: Registered[];
  calls: { token: string; inputs: Record<string, unknown> }[];
}

/** What a resource was created with; there must be just one of that type and name. */
export function inputsOf(
  { resources }: Program<unknown>,
  type: string,
  name: string,
): Record<string, unknown> {
  const found = resources.filter((each) => each.type === type && each.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} ${name}`);
  return found[0].inputs;
}

/** Types of all resources but components, in order of their names. */
export const typesOf = ({ resources }: Program<unknown>): string[] =>
  resources
    .map(({ type }) => type)
    .filter((type) => !type.startsWith("training:"))
    .sort();

/** An output's value, once it has one. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** What only AWS can tell of a new resource. */
function computed(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (type) {
    case "aws:s3/bucket:Bucket":
      return {
        bucket: inputs.bucket ?? `${name}-1a2b`,
        arn: `arn:aws:s3:::${inputs.bucket ?? `${name}-1a2b`}`,
      };
    case "aws:iam/role:Role":
      return { name: `${name}-1a2b`, arn: `arn:aws:iam::${ACCOUNT}:role/${name}-1a2b` };
    case "aws:ecr/repository:Repository":
      return {
        name: `${name}-1a2b`,
        arn: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/${name}-1a2b`,
        repositoryUrl: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/${name}-1a2b`,
      };
    case "docker-build:index:Image":
      return { digest: IMAGE_DIGEST };
    case "aws:sns/topic:Topic":
      return { arn: `arn:aws:sns:us-east-1:${ACCOUNT}:${name}-1a2b` };
    case "aws:cloudwatch/eventRule:EventRule":
      return { name: `${name}-1a2b`, arn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/${name}-1a2b` };
    default:
      return {};
  }
}
