import type { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type AlarmType, DescribeAlarmsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type AwsClients, type Credentials, createClients, type JobLogs } from "../clients.ts";
import type { LocalAwsOptions } from "../options.ts";
import type { Operations } from "../sagemaker/awsJson.ts";
import { assumeRole, checkRole } from "../sagemaker/role.ts";
import { stateFiles } from "../stateFiles.ts";
import { EndpointConfigs } from "./api/endpointConfigs.ts";
import { Endpoints } from "./api/endpoints.ts";
import { checkModelData } from "./api/modelData.ts";
import { Models } from "./api/models.ts";
import { Hosting } from "./deploy/hosting.ts";
import { anewSocketDir } from "./deploy/leftFolders.ts";
import { DataCapture } from "./invoke/capture.ts";
import { InvocationMetrics, invocationNamespace } from "./invoke/metrics.ts";
import { Runtime } from "./invoke/runtime.ts";
import type { ModelRequest } from "./records/record.ts";
import { type HostingStores, openStores } from "./records/stores.ts";
import { logGroupOf } from "./serve/launch.ts";

export interface OpenOptions {
  options: LocalAwsOptions;
  agent: Agent;
  /** Clients of the service's own, in the default region. */
  root: Pick<AwsClients, "iam" | "sts">;
  owner: Credentials;
  endpoint: () => string;
  /** Where the lines of a model whose role has these credentials go. */
  logsOfRole: (
    credentials: Credentials,
    region: string,
    stream: { logGroupName: string; logStreamName: string },
  ) => Promise<JobLogs>;
  log: (line: string) => void;
}

/** Hosting with all that it is made of. */
export interface OpenHosting {
  stores: HostingStores;
  hosting: Hosting;
  operations: Operations;
  runtime: Runtime;
  /** Ends all model servers, and writes what is still to be written. */
  close: () => Promise<void>;
}

export function openHosting({
  options,
  agent,
  root,
  owner,
  endpoint,
  logsOfRole,
  log,
}: OpenOptions): OpenHosting {
  const files = stateFiles(options.stateDir);
  const stores = openStores(files.hosting, log);
  const asRole = async ({ ExecutionRoleArn: role = "", ModelName: name }: ModelRequest, region: string) => {
    const credentials = await assumeRole(root.sts, role, name);
    return { credentials, s3: createClients(agent, credentials, region).s3 };
  };
  const now = Date.now;
  const cloudwatchOf = memoized((region: string) => createClients(agent, owner, region).cloudwatch);
  const alarms = async (AlarmNames: string[], region: string, StateValue?: "ALARM") => {
    const AlarmTypes: AlarmType[] = ["MetricAlarm", "CompositeAlarm"];
    const asked = new DescribeAlarmsCommand({ AlarmNames, AlarmTypes, StateValue });
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatchOf(region).send(asked);
    return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName }) => AlarmName ?? []);
  };
  const hosting = new Hosting({
    ...{ trainingPython: options.trainingPython, stateDir: options.stateDir, optMl: options.optMl },
    ...{
      store: stores.endpoints,
      workDir: files.served,
      socketDir: anewSocketDir(files.servingSockets),
      endpoint,
      now,
      log,
    },
    session: async ({ model, variant }, { name, region }) => {
      const { credentials, s3 } = await asRole(model, region);
      const stream = { logGroupName: logGroupOf(name), logStreamName: `${variant.VariantName}/i-0` };
      return { credentials, s3, logs: await logsOfRole(credentials, region, stream) };
    },
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    alarmOf: async (AlarmNames, region) => (await alarms(AlarmNames, region, "ALARM"))[0],
  });
  const metrics = new InvocationMetrics({
    put: async (MetricData, region) => {
      await cloudwatchOf(region).send(
        new PutMetricDataCommand({ Namespace: invocationNamespace, MetricData }),
      );
    },
    ...{ now, log },
  });
  const capture = new DataCapture({
    s3Of: async ({ model }, { region }) => (await asRole(model, region)).s3,
    ...{ now, log },
  });
  const models = new Models({
    stores,
    checkAccess: async (request, region) => {
      await checkRole(root.iam, request.ExecutionRoleArn ?? "");
      await checkModelData((await asRole(request, region)).s3, request, region);
    },
    now,
  });
  const configs = new EndpointConfigs({ stores, now });
  const endpoints = new Endpoints({ stores, hosting, alarms, now });
  const operations: Operations = {
    CreateModel: models.create.bind(models),
    DescribeModel: models.describe.bind(models),
    ListModels: models.list.bind(models),
    DeleteModel: models.delete.bind(models),
    CreateEndpointConfig: configs.create.bind(configs),
    DescribeEndpointConfig: configs.describe.bind(configs),
    ListEndpointConfigs: configs.list.bind(configs),
    DeleteEndpointConfig: configs.delete.bind(configs),
    CreateEndpoint: endpoints.create.bind(endpoints),
    UpdateEndpoint: endpoints.update.bind(endpoints),
    UpdateEndpointWeightsAndCapacities: endpoints.reweigh.bind(endpoints),
    DescribeEndpoint: endpoints.describe.bind(endpoints),
    ListEndpoints: endpoints.list.bind(endpoints),
    DeleteEndpoint: endpoints.delete.bind(endpoints),
  };
  const runtime = new Runtime({
    ...{ store: stores.endpoints, hosting },
    onOutcome: (outcome) => metrics.count(outcome),
    onAnswered: (answered, { deployment: { dataCapture: config } }) => {
      if (config) capture.take({ ...answered, config });
    },
  });
  const close = async () => {
    await hosting.shutdown();
    await Promise.all([metrics.flush(), capture.flush()]);
  };
  return { stores, hosting, operations, runtime, close };
}

function memoized<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}
