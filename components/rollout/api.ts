import { readFile } from "node:fs/promises";
import type { DeploymentConfig, Tag } from "@aws-sdk/client-sagemaker";
import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { splitS3Uri } from "../trainingJob/args/s3Uri";
import { withRetries } from "../trainingJob/aws/retries";
import { awsClients } from "../trainingJob/aws/sdk";
import type { AwsSession } from "../trainingJob/aws/session";

export interface EndpointNow {
  /** EndpointStatus, such as InService, Updating, RollingBack, Failed. */
  status: string;
  /** The configuration that answers; before the first one does, that which is to. */
  configName: string;
  /** SageMaker's reason, of the last deployment that failed. */
  failureReason?: string;
}

/** What a model said, or what was said in its place: `status` is that of the container, where it answered at all. */
export interface Answer {
  status?: number;
  body: string;
}

/** The part of AWS that a rollout needs. */
export interface RolloutApi {
  /** Undefined where there is no such endpoint. */
  describe(endpoint: string): Promise<EndpointNow | undefined>;
  update(endpoint: string, configName: string, how?: DeploymentConfig): Promise<void>;
  create(endpoint: string, configName: string, tags: Tag[]): Promise<void>;
  delete(endpoint: string): Promise<void>;
  /** Those that one may set; undefined where there is no such endpoint. */
  tags(endpoint: string): Promise<Tag[] | undefined>;
  /** Sends a request; resolves whatever the model says to it. */
  invoke(endpoint: string, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<Answer>;
  /** A file, or an object at an S3 URI. */
  content(place: string): Promise<Uint8Array>;
  /** The endpoint's log from a time on (milliseconds since the epoch), oldest line first. */
  logSince(endpoint: string, since: number): Promise<string[]>;
}

/** A model has 60 seconds to answer (InvokeEndpoint), a little more than the session lets others wait. */
const INVOKE_MS = 70_000;

export const logGroupOf = (endpoint: string): string => `/aws/sagemaker/Endpoints/${endpoint}`;

/** A client of endpoints, with the session's settings but for how long an answer may take. */
export function runtimeClient(session: AwsSession): SageMakerRuntimeClient {
  const { SageMakerRuntimeClient } =
    require("@aws-sdk/client-sagemaker-runtime") as typeof import("@aws-sdk/client-sagemaker-runtime");
  const config = session.clientConfig("sagemakerruntime");
  const requestHandler = { ...config.requestHandler, requestTimeout: INVOKE_MS, socketTimeout: INVOKE_MS };
  return new SageMakerRuntimeClient({ ...config, requestHandler });
}

/** Sends a request through a client; what the model answers instead of a prediction is an answer, too. */
export async function invoke(
  client: SageMakerRuntimeClient,
  EndpointName: string,
  Body: Uint8Array,
  ContentType: string,
  abortSignal?: AbortSignal,
): Promise<Answer> {
  const { InvokeEndpointCommand, ModelError } =
    require("@aws-sdk/client-sagemaker-runtime") as typeof import("@aws-sdk/client-sagemaker-runtime");
  try {
    const request = { EndpointName, Body, ContentType, Accept: "application/json" };
    const answer = await withRetries(() => client.send(new InvokeEndpointCommand(request), { abortSignal }), {
      signal: abortSignal,
    });
    return { status: 200, body: Buffer.from(answer.Body ?? []).toString("utf8") };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return {
      status: error.OriginalStatusCode || undefined,
      body: error.OriginalMessage || error.message,
    };
  }
}

/** AWS itself. */
export function rolloutApi(session: AwsSession): RolloutApi {
  const clients = awsClients(session);
  const sdk = clients.sagemaker;
  const sagemaker = clients.sagemakerClient;
  const change = async <T>(work: () => Promise<T>) => {
    await session.verifyAccount();
    return withRetries(work);
  };
  const describe: RolloutApi["describe"] = (EndpointName) =>
    withRetries(async () => {
      try {
        const found = await sagemaker().send(new (sdk().DescribeEndpointCommand)({ EndpointName }));
        return {
          status: found.EndpointStatus ?? "",
          configName: found.EndpointConfigName ?? "",
          failureReason: found.FailureReason,
        };
      } catch (error) {
        if (isMissing(error as Error)) return undefined;
        throw error;
      }
    });
  let runtime: SageMakerRuntimeClient | undefined;
  return {
    describe,
    update: (EndpointName, EndpointConfigName, DeploymentConfig) =>
      change(async () => {
        const request = { EndpointName, EndpointConfigName, ...(DeploymentConfig && { DeploymentConfig }) };
        await sagemaker().send(new (sdk().UpdateEndpointCommand)(request));
      }),
    create: (EndpointName, EndpointConfigName, Tags) =>
      change(async () => {
        const request = { EndpointName, EndpointConfigName, Tags };
        await sagemaker().send(new (sdk().CreateEndpointCommand)(request));
      }),
    delete: (EndpointName) =>
      change(async () => {
        try {
          await sagemaker().send(new (sdk().DeleteEndpointCommand)({ EndpointName }));
        } catch (error) {
          if (!isMissing(error as Error)) throw error;
        }
      }),
    tags: (EndpointName) =>
      withRetries(async () => {
        try {
          const found = await sagemaker().send(new (sdk().DescribeEndpointCommand)({ EndpointName }));
          const request = { ResourceArn: found.EndpointArn };
          const { Tags = [] } = await sagemaker().send(new (sdk().ListTagsCommand)(request));
          return Tags.filter(({ Key }) => !Key?.startsWith("aws:"));
        } catch (error) {
          if (isMissing(error as Error)) return undefined;
          throw error;
        }
      }),
    invoke: (endpoint, body, contentType, signal) => {
      runtime ??= runtimeClient(session);
      return invoke(runtime, endpoint, body, contentType, signal);
    },
    content: async (place) => {
      if (!place.startsWith("s3://")) return readFile(place);
      const { bucket: Bucket, key: Key } = splitS3Uri(place);
      const { Body } = await withRetries(() =>
        clients.s3Client().send(new (clients.s3().GetObjectCommand)({ Bucket, Key })),
      );
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    logSince: async (endpoint, startTime) => {
      const { paginateFilterLogEvents } = clients.logs();
      const lines: string[] = [];
      try {
        const request = { logGroupName: logGroupOf(endpoint), startTime };
        for await (const { events = [] } of paginateFilterLogEvents(
          { client: clients.logsClient() },
          request,
        )) {
          lines.push(...events.map(({ message = "" }) => message.trimEnd()));
        }
      } catch (error) {
        if ((error as Error).name !== "ResourceNotFoundException") throw error;
      }
      return lines;
    },
  };
}

/** SageMaker changes an endpoint only when nothing else is under way with it. */
export const isInProgress = ({ name, message }: Error): boolean =>
  name === "ValidationException" && /in-progress/i.test(message);

/** SageMaker has no error of its own for what is not there. */
const isMissing = ({ name, message }: Error): boolean =>
  name === "ResourceNotFound" || (name === "ValidationException" && /could not find/i.test(message));
