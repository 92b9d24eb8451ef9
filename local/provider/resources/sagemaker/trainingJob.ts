/** aws:sagemaker/trainingJob:TrainingJob, the AWS provider's own training job */

import type { CreateTrainingJobRequest, UpdateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { fromApi, toApi } from "../../apiNames.ts";
import type { Aws } from "../../aws.ts";
import { same } from "../../diff.ts";
import { ifExists, isError } from "../../errors.ts";
import type { Failure } from "../../findings.ts";
import { defineResource, type Input, unserved } from "../../resource.ts";
import { type Tags, tagList } from "../../tags.ts";
import { isUnknown, type Values } from "../../values.ts";
import { readTags, updateTags } from "./tags.ts";

interface TrainingJobInputs extends Values {
  trainingJobName: string;
  roleArn: string;
  resourceConfig?: Values;
  profilerConfig?: Values;
  profilerRuleConfigurations?: Values[];
  remoteDebugConfig?: Values;
  tags?: Tags;
}

/** Where @pulumi/aws says it otherwise than the API. */
const names = {
  ContainerEntrypoint: "containerEntrypoints",
  EnableSageMakerMetricsTimeSeries: "enableSagemakerMetricsTimeSeries",
  InputDataConfig: "inputDataConfigs",
  VolumeSizeInGB: "volumeSizeInGb",
};

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html */
const namePattern = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** A job runs once with what it was given: any other input needs a new job. */
const fixed: Input = { kind: "block", replaces: true };
const fixedMap: Input = { kind: "map", replaces: true };
const fixedFlag: Input = { kind: "boolean", computed: true, replaces: true };
/** UpdateTrainingJob can change these while the job runs. */
const updatable: Input = { kind: "block" };

const inputs = {
  trainingJobName: { kind: "string", required: true, replaces: true },
  roleArn: { kind: "string", required: true, replaces: true },
  algorithmSpecification: fixed,
  checkpointConfig: fixed,
  debugHookConfig: fixed,
  debugRuleConfigurations: fixed,
  enableInterContainerTrafficEncryption: fixedFlag,
  enableManagedSpotTraining: fixedFlag,
  enableNetworkIsolation: fixedFlag,
  environment: fixedMap,
  experimentConfig: fixed,
  hyperParameters: fixedMap,
  infraCheckConfig: fixed,
  inputDataConfigs: fixed,
  outputDataConfig: fixed,
  profilerConfig: updatable,
  profilerRuleConfigurations: updatable,
  remoteDebugConfig: updatable,
  resourceConfig: { kind: "block", replaces: changesMoreThanKeepAlive },
  retryStrategy: fixed,
  sessionChainingConfig: fixed,
  stoppingCondition: fixed,
  tensorBoardOutputConfig: fixed,
  vpcConfig: fixed,
  tags: { kind: "map" },
  timeouts: { kind: "block", stateOnly: true },
  deleteModelPackagesOnDestroy: unserved(null, { computed: false }),
  deleteVpcEnisOnDestroy: unserved(null, { computed: false }),
  mlflowConfig: unserved(null, { computed: false }),
  modelPackageConfig: unserved(null, { computed: false }),
  serverlessJobConfig: unserved(null, { computed: false }),
} satisfies Record<string, Input>;

export const trainingJob = defineResource<TrainingJobInputs>({
  token: "aws:sagemaker/trainingJob:TrainingJob",
  inputs,
  outputs: ["arn"],
  framework: true,

  check({ trainingJobName: name = "" }) {
    const failures: Failure[] = [];
    if (!isUnknown(name) && !namePattern.test(name)) {
      failures.push({
        property: "trainingJobName",
        reason: `"${name}" must be 1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit`,
      });
    }
    return failures;
  },

  async create(aws, { region: _, timeouts: __, tags, ...job }) {
    const sagemaker = await aws.sagemaker();
    const request = toApi(job, names) as unknown as CreateTrainingJobRequest;
    await sagemaker.createTrainingJob({ ...request, ...(tags && { Tags: tagList(tags) }) });
    return job.trainingJobName;
  },

  async read(aws, id) {
    const sagemaker = await aws.sagemaker();
    const job = await ifExists(sagemaker.describeTrainingJob({ TrainingJobName: id }));
    if (!job) return undefined;
    const reported = fromApi(job, names);
    const declared = Object.keys(inputs).filter((property) => property in reported);
    return {
      ...Object.fromEntries(declared.map((property) => [property, reported[property]])),
      arn: job.TrainingJobArn,
      tags: await readTags(sagemaker, job.TrainingJobArn),
    };
  },

  async update(aws, id, { olds, news, changed }) {
    const sagemaker = await aws.sagemaker();
    const { profilerConfig, profilerRuleConfigurations, remoteDebugConfig, resourceConfig } = news;
    const request: Values = {};
    if (changed("profilerConfig")) request.profilerConfig = profilerConfig;
    if (changed("profilerRuleConfigurations"))
      request.profilerRuleConfigurations = profilerRuleConfigurations;
    if (changed("remoteDebugConfig")) request.remoteDebugConfig = remoteDebugConfig;
    if (changed("resourceConfig")) {
      request.resourceConfig = { keepAlivePeriodInSeconds: resourceConfig?.keepAlivePeriodInSeconds ?? 0 };
    }
    if (Object.keys(request).length > 0) {
      const update = toApi({ trainingJobName: id, ...request }, names) as unknown as UpdateTrainingJobRequest;
      await sagemaker.updateTrainingJob(update);
    }
    if (changed("tags")) {
      const { TrainingJobArn } = await sagemaker.describeTrainingJob({ TrainingJobName: id });
      await updateTags(sagemaker, TrainingJobArn, olds.tags, news.tags);
    }
  },

  async delete(aws, id) {
    if (!(await stopped(aws, id))) return;
    const sagemaker = await aws.sagemaker();
    await ifExists(sagemaker.deleteTrainingJob({ TrainingJobName: id }));
  },
});

function changesMoreThanKeepAlive(old: unknown, next: unknown): boolean {
  const rest = (value: unknown) => ({
    ...(value as Values | undefined),
    keepAlivePeriodInSeconds: undefined,
  });
  return !same({ kind: "block" }, rest(old), rest(next));
}

/** Stops the job when it runs and waits for its end. False when there is no such job. */
async function stopped(aws: Aws, TrainingJobName: string): Promise<boolean> {
  const sagemaker = await aws.sagemaker();
  let asked = false;
  for (;;) {
    const job = await ifExists(sagemaker.describeTrainingJob({ TrainingJobName }));
    if (!job) return false;
    if (job.TrainingJobStatus !== "InProgress" && job.TrainingJobStatus !== "Stopping") return true;
    if (!asked) {
      await sagemaker.stopTrainingJob({ TrainingJobName }).catch((error: unknown) => {
        // It may have ended, or gone, since the look at it: the next look tells.
        if (!isError(error, "ValidationException")) throw error;
      });
    }
    asked = true;
    await aws.pause(1_000);
  }
}
