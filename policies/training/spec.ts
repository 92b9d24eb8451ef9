import { flagAt, listAt, mapAt, numberAt, type Properties, textAt, valueAt } from "../lib/properties";
import type { Dialect } from "./dialect";

/** Some instances of one type, and the property that asks for them. */
export interface Instances {
  /** Path of the property that names the type, such as `resourceConfig.instanceType`. */
  where: string;
  /** Such as `ml.g5.xlarge`; undefined where the job names none. */
  type: string | undefined;
  count: number;
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
  /** The most jobs that it starts, and how many of them at a time. */
  jobs: () => { total: number; parallel: number };
  /** The most seconds that all its jobs run together, where the resource sets such a limit. */
  totalSeconds: () => number | undefined;
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
    return valueAt(this.properties, "serverlessJobConfig") !== undefined;
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
    return [[this.instancesAt(this.dialect.resources(this.properties))]];
  }

  /** The instances that debugger and profiler rules start beside the job, where they name a type. */
  get ruleInstances(): Instances[] {
    return ["debugRuleConfigurations", "profilerRuleConfigurations"]
      .flatMap((list) => this.instances(list))
      .filter(({ type }) => type !== undefined);
  }

  get checkpointUri(): string | undefined {
    return textAt(this.properties, "checkpointConfig.s3Uri");
  }

  get outputUri(): string | undefined {
    return textAt(this.properties, "outputDataConfig.s3OutputPath");
  }

  get outputKey(): string | undefined {
    return textAt(this.properties, "outputDataConfig.kmsKeyId");
  }

  get volumeKey(): string | undefined {
    return textAt(this.properties, `${this.dialect.resources(this.properties)}.volumeKmsKeyId`);
  }

  get networkIsolation(): boolean {
    return flagAt(this.properties, "enableNetworkIsolation");
  }

  get inVpc(): boolean {
    return valueAt(this.properties, "vpcConfig") !== undefined;
  }

  get trafficEncrypted(): boolean {
    return flagAt(this.properties, "enableInterContainerTrafficEncryption");
  }

  /** Whether someone may open a shell in the container, through AWS Systems Manager. */
  get remoteDebug(): boolean {
    return flagAt(this.properties, "remoteDebugConfig.enableRemoteDebug");
  }

  get image(): string | undefined {
    return textAt(this.properties, "algorithmSpecification.trainingImage");
  }

  /** A marketplace or own algorithm in place of an image. */
  get algorithm(): string | undefined {
    return textAt(this.properties, "algorithmSpecification.algorithmName");
  }

  /** The values that SageMaker shows to everybody who may describe the job, and where they stand. */
  get shownValues(): { where: string; values: () => Properties | unknown[] }[] {
    const { hyperparameters } = this.dialect;
    const lists = ["containerArguments", "containerEntrypoint", "containerEntrypoints"];
    return [
      { where: hyperparameters, values: () => mapAt(this.properties, hyperparameters) },
      { where: "environment", values: () => mapAt(this.properties, "environment") },
      { where: "tags", values: () => this.source.tags() },
      ...lists.map((list) => {
        const where = `algorithmSpecification.${list}`;
        return { where, values: () => listAt(this.properties, where) };
      }),
    ];
  }

  private instances(list: string): Instances[] {
    return listAt(this.properties, list).map((_, index) => this.instancesAt(`${list}.${index}`));
  }

  private instancesAt(path: string): Instances {
    return {
      where: `${path}.instanceType`,
      type: textAt(this.properties, `${path}.instanceType`),
      count:
        numberAt(this.properties, `${path}.instanceCount`) ??
        numberAt(this.properties, "resourceConfig.instanceCount") ??
        1,
    };
  }
}
