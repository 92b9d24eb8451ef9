import {
  flagAt,
  hasMapAt,
  type List,
  lazily,
  listAt,
  mapAt,
  numberAt,
  type Properties,
  pathsAt,
  textAt,
} from "../lib/properties";
import type { Words } from "../ways/words";
import type { Dialect } from "./dialect";

/** Some instances of one type, and the property that asks for them. */
export interface Instances {
  /** Path of the property that names the type, such as `resourceConfig.instanceType`. */
  where: string;
  /** Such as `ml.g5.xlarge`; undefined where the job names none. */
  type: string | undefined;
  count: number;
  /** Storage of each of them in GB; 0 where none is asked for. */
  volumeGb: number;
}

/** What a training spec is part of: the resource that starts its jobs. */
export interface TrainingSource {
  /** What to call it in a violation: `training job "mnist"`. */
  label: string;
  /** The resource's name in the Pulumi program, and the name that it gives its jobs. */
  names: () => string[];
  /** Its tags, with the default tags of its provider. */
  tags: () => Properties;
  addTag: (key: string, value: string) => void;
  /** The last part of an S3 prefix that belongs to its jobs alone; undefined where there is no such thing. */
  ownPrefix: () => string | undefined;
  /** The most jobs that it starts, and how many of them at a time; undefined where nothing bounds them. */
  jobs: () => { total: number | undefined; parallel: number | undefined };
  /** What to do where nothing bounds its jobs, in all or at a time. Default: what bounds those of a tuning job. */
  unbounded?: { total: string; parallel: string };
  /** The most seconds that all its jobs run together, where the resource sets such a limit. */
  totalSeconds: () => number | undefined;
  /** The words of a rule as they are spelt where the job is written; not set where that is how the rules spell them. */
  words?: Words;
  /** Whether its jobs run when something is executed after the deployment, and not by the deployment. */
  later?: boolean;
  /** Whether it processes data in place of training: such a job makes no model, and has no spot. */
  processing?: boolean;
  /** The region of its jobs; undefined where nothing names it. */
  region: () => string | undefined;
  /** Prices that the resource itself read, by instance type. */
  livePrices: () => Properties;
  /** What it shows of itself beside its training definitions. */
  shownValues?: ShownValues[];
}

/** Values that SageMaker shows to everybody who may describe the job, and where they stand. */
export interface ShownValues {
  where: string;
  values: () => Properties | List;
}

/** SageMaker's own limit for a job that sets none, in seconds: CreateTrainingJob, StoppingCondition. */
const serviceMaxRunSeconds = 86_400;

/**
 * One definition of training, whichever resource it comes from: the TrainingJob of this project, the
 * `aws.sagemaker.TrainingJob`, or one definition of an `aws.sagemaker.HyperParameterTuningJob`.
 * Each getter reads the resource's properties when asked, so that a value which is not known yet stops only
 * the rules that need it.
 */
export class TrainingSpec {
  readonly source: TrainingSource;
  /** The properties themselves, for a remediation to change. */
  readonly properties: Properties;
  private readonly dialect: Dialect;

  constructor(source: TrainingSource, properties: Properties, dialect: Dialect) {
    this.source = source;
    this.properties = properties;
    this.dialect = dialect;
  }

  get label(): string {
    return this.source.label;
  }

  /** What a rule says, with the names of the request as they are written in the program. */
  words(text: string): string {
    return this.source.words?.(text) ?? text;
  }

  get spot(): boolean {
    return flagAt(this.properties, "enableManagedSpotTraining");
  }

  /** Whether a job that gets no spot capacity runs again on demand. Only this project's TrainingJob can. */
  get fallsBackToOnDemand(): boolean {
    return textAt(this.properties, "spot.fallback") === "on-demand";
  }

  /** Seconds that the job asks for; undefined where it leaves that to SageMaker. */
  get ownMaxRunSeconds(): number | undefined {
    return numberAt(this.properties, "stoppingCondition.maxRuntimeInSeconds");
  }

  /** Seconds that the job may run, SageMaker's own limit where it sets none. */
  get maxRunSeconds(): number {
    return this.ownMaxRunSeconds ?? serviceMaxRunSeconds;
  }

  /** Seconds that a spot job may take with the wait for capacity. */
  get maxWaitSeconds(): number | undefined {
    return numberAt(this.properties, "stoppingCondition.maxWaitTimeInSeconds");
  }

  /** Seconds that the instances stay warm after the job. */
  get keepAliveSeconds(): number {
    return numberAt(this.properties, "resourceConfig.keepAlivePeriodInSeconds") ?? 0;
  }

  /** A serverless job names no instance, so nothing bounds what it runs on. */
  get serverless(): boolean {
    return hasMapAt(this.properties, "serverlessJobConfig");
  }

  /**
   * The fleets that the job may run on. It runs on one of them: the first that SageMaker has capacity for.
   * A fleet is one type, or a heterogeneous cluster of several.
   */
  get fleets(): Instances[][] {
    const groups = this.instances("resourceConfig.instanceGroups");
    if (groups.length > 0) {
      return [groups];
    }
    for (const list of ["resourceConfig.instancePreferences", ...this.dialect.instanceLists]) {
      const alternatives = this.instances(list);
      if (alternatives.length > 0) {
        return alternatives.map((instances) => [instances]);
      }
    }
    const single = this.dialect.resources(this.properties);
    return [[this.instancesAt(single, single)]];
  }

  /** The instances that debugger and profiler rules start beside the job, where they name a type. */
  get ruleInstances(): Instances[] {
    return this.rules.map((rule) => this.instancesAt(rule, rule)).filter(({ type }) => type !== undefined);
  }

  /** The paths of its debugger and profiler rules. */
  private get rules(): string[] {
    return ["debugRuleConfigurations", "profilerRuleConfigurations"].flatMap((list) =>
      pathsAt(this.properties, list),
    );
  }

  get checkpointUri(): string | undefined {
    return textAt(this.properties, "checkpointConfig.s3Uri");
  }

  get outputUri(): string | undefined {
    return textAt(this.properties, "outputDataConfig.s3OutputPath");
  }

  /** How the artifact is kept: `GZIP`, SageMaker's default, or `NONE` for a folder of files. */
  get compressionType(): string {
    return textAt(this.properties, "outputDataConfig.compressionType") ?? "GZIP";
  }

  get outputKey(): string | undefined {
    return textAt(this.properties, "outputDataConfig.kmsKeyId");
  }

  /** Path of the key of its volumes. */
  get volumeKeyPath(): string {
    return `${this.dialect.resources(this.properties)}.volumeKmsKeyId`;
  }

  get volumeKey(): string | undefined {
    return textAt(this.properties, this.volumeKeyPath);
  }

  /** The ARN of the role that it runs with. No getter: other services may fill it in, and nobody has to be told so. */
  role(): string | undefined {
    return textAt(this.properties, "roleArn");
  }

  get networkIsolation(): boolean {
    return flagAt(this.properties, "enableNetworkIsolation");
  }

  get inVpc(): boolean {
    return ["subnets", "securityGroupIds"].every(
      (list) => listAt(this.properties, `vpcConfig.${list}`).length > 0,
    );
  }

  get trafficEncrypted(): boolean {
    return flagAt(this.properties, "enableInterContainerTrafficEncryption");
  }

  /** Whether someone may open a shell in the container, through AWS Systems Manager. */
  get remoteDebug(): boolean {
    return flagAt(this.properties, "remoteDebugConfig.enableRemoteDebug");
  }

  /** The images that run with the job's role: the training's own, and those that evaluate its rules. */
  get images(): { where: string; image: () => string | undefined }[] {
    const paths = [
      "algorithmSpecification.trainingImage",
      ...this.rules.map((rule) => `${rule}.ruleEvaluatorImage`),
    ];
    return paths.map((where) => ({ where, image: () => textAt(this.properties, where) }));
  }

  /** A marketplace or own algorithm in place of an image. */
  get algorithm(): string | undefined {
    return textAt(this.properties, "algorithmSpecification.algorithmName");
  }

  /** The values that SageMaker shows to everybody who may describe the job: every map and list of the request with words of the user's own. */
  get shownValues(): ShownValues[] {
    const maps = [
      this.dialect.hyperparameters,
      "environment",
      "debugHookConfig.hookParameters",
      "profilerConfig.profilingParameters",
      "hyperParameterRanges",
    ];
    const lists = [
      "algorithmSpecification.containerArguments",
      "algorithmSpecification.containerEntrypoint",
      "algorithmSpecification.containerEntrypoints",
      "debugHookConfig.collectionConfigurations",
    ];
    const rules = ["debugRuleConfigurations", "profilerRuleConfigurations"];
    return [
      ...maps.map((where) => ({ where, values: () => mapAt(this.properties, where) })),
      ...lists.map((where) => ({ where, values: () => listAt(this.properties, where) })),
      // Of a rule its parameters alone: other parts are often not known before the update, and hold no words of the user's.
      ...rules.map((where) => ({
        where,
        values: () =>
          lazily(Object.keys(listAt(this.properties, where)), (index) => ({
            ruleParameters: mapAt(this.properties, `${where}.${index}.ruleParameters`),
          })),
      })),
      { where: "tags", values: () => this.source.tags() },
      ...(this.source.shownValues ?? []),
    ];
  }

  /** What a list asks for, whose entries may leave count and volume to the map that the list is in. */
  private instances(list: string): Instances[] {
    const holder = list.slice(0, list.lastIndexOf("."));
    return pathsAt(this.properties, list).map((path) => this.instancesAt(path, holder));
  }

  private instancesAt(path: string, holder: string): Instances {
    const at = (property: string) =>
      numberAt(this.properties, `${path}.${property}`) ?? numberAt(this.properties, `${holder}.${property}`);
    return {
      where: `${path}.instanceType`,
      type: textAt(this.properties, `${path}.instanceType`),
      count: at("instanceCount") ?? 1,
      // The API's name, and that of @pulumi/aws.
      volumeGb: at("volumeSizeInGB") ?? at("volumeSizeInGb") ?? 0,
    };
  }
}
