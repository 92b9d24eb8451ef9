import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { PricingClient } from "@aws-sdk/client-pricing";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { splitS3Uri } from "../args/s3Uri";
import type { AwsApi, LogEvent, StoredObject } from "./api";
import { isDenied, ObjectDeniedError } from "./denied";
import { looks } from "./looks";
import { listProducts, PRICE_LIST_REGION } from "./pricing";
import { isMissingJob, withRetries } from "./retries";
import type { AwsSession } from "./session";
import { saysWhatIsUnserved } from "./unserved";

/** The SDK's modules and clients, loaded on first use: a preview without changes needs none of them. */
export interface AwsClients {
  sagemaker(): typeof import("@aws-sdk/client-sagemaker");
  s3(): typeof import("@aws-sdk/client-s3");
  logs(): typeof import("@aws-sdk/client-cloudwatch-logs");
  pricing(): typeof import("@aws-sdk/client-pricing");
  sagemakerClient(): SageMakerClient;
  s3Client(): S3Client;
  logsClient(): CloudWatchLogsClient;
  pricingClient(): PricingClient;
  account: AwsSession["account"];
  verifyAccount: AwsSession["verifyAccount"];
}

/** Clients of the real AWS, or of whatever AWS_ENDPOINT_URL points at. */
export function awsClients(session: AwsSession): AwsClients {
  const sagemaker = () => require("@aws-sdk/client-sagemaker") as typeof import("@aws-sdk/client-sagemaker");
  const s3 = () => require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3");
  const logs = () =>
    require("@aws-sdk/client-cloudwatch-logs") as typeof import("@aws-sdk/client-cloudwatch-logs");
  const pricing = () => require("@aws-sdk/client-pricing") as typeof import("@aws-sdk/client-pricing");
  return {
    sagemaker,
    s3,
    logs,
    pricing,
    sagemakerClient: once(() => told(new (sagemaker().SageMakerClient)(session.clientConfig("sagemaker")))),
    s3Client: once(() => told(new (s3().S3Client)(session.clientConfig("s3")))),
    logsClient: once(() => told(new (logs().CloudWatchLogsClient)(session.clientConfig("logs")))),
    pricingClient: once(() =>
      told(new (pricing().PricingClient)({ ...session.clientConfig("pricing"), region: PRICE_LIST_REGION })),
    ),
    account: session.account,
    verifyAccount: session.verifyAccount,
  };
}

/** The client, whose errors say what its endpoint does not serve. */
function told<T extends { middlewareStack: { use(plugin: never): void } }>(client: T): T {
  client.middlewareStack.use(saysWhatIsUnserved as never);
  return client;
}

/** `signal` ends the waiting between retries: a cancelled deployment must not sit out a bad network. */
export function awsApi(clients: AwsClients, signal?: AbortSignal): AwsApi {
  const { sagemaker, s3, logs, sagemakerClient, s3Client, logsClient } = clients;
  const call = <T>(work: () => Promise<T>) => withRetries(work, { signal });
  const change = async <T>(work: () => Promise<T>) => {
    signal?.throwIfAborted();
    await clients.verifyAccount();
    return call(work);
  };

  const listObjects = async (uri: string, atMost?: number): Promise<StoredObject[]> => {
    const { paginateListObjectsV2 } = s3();
    const { bucket, key } = splitS3Uri(uri);
    return call(async () => {
      const found: StoredObject[] = [];
      try {
        for await (const page of paginateListObjectsV2(
          { client: s3Client() },
          { Bucket: bucket, Prefix: key, MaxKeys: atMost },
        )) {
          for (const object of page.Contents ?? [])
            found.push({ key: object.Key ?? "", etag: object.ETag ?? "" });
          if (atMost !== undefined && found.length >= atMost) break;
        }
      } catch (error) {
        if ((error as Error).name !== "NoSuchBucket") throw error;
      }
      return found;
    });
  };

  return {
    account: clients.account,
    describe: (name) =>
      call(async () => {
        const { DescribeTrainingJobCommand } = sagemaker();
        try {
          return await sagemakerClient().send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
        } catch (error) {
          if (isMissingJob(error)) return undefined;
          throw error;
        }
      }),
    create: (request) =>
      change(async () => {
        const { CreateTrainingJobCommand } = sagemaker();
        try {
          await sagemakerClient().send(new CreateTrainingJobCommand(request));
          return "created" as const;
        } catch (error) {
          if ((error as Error).name === "ResourceInUse") return "exists" as const;
          throw error;
        }
      }),
    list: (request) =>
      call(async () => await sagemakerClient().send(new (sagemaker().ListTrainingJobsCommand)(request))),
    stop: (name) =>
      change(async () => {
        await sagemakerClient().send(
          new (sagemaker().StopTrainingJobCommand)({
            TrainingJobName: name,
          }),
        );
      }),
    remove: (name) =>
      change(async () => {
        const { DeleteTrainingJobCommand } = sagemaker();
        try {
          await sagemakerClient().send(new DeleteTrainingJobCommand({ TrainingJobName: name }));
        } catch (error) {
          if (!isMissingJob(error)) throw error;
        }
      }),
    setKeepAlive: (name, seconds) =>
      change(async () => {
        const { UpdateTrainingJobCommand } = sagemaker();
        await sagemakerClient().send(
          new UpdateTrainingJobCommand({
            TrainingJobName: name,
            ResourceConfig: { KeepAlivePeriodInSeconds: seconds },
          }),
        );
      }),
    tags: (arn) =>
      call(async () => {
        const { paginateListTags } = sagemaker();
        const found: Record<string, string> = {};
        for await (const page of paginateListTags({ client: sagemakerClient() }, { ResourceArn: arn })) {
          for (const { Key, Value } of page.Tags ?? []) if (Key) found[Key] = Value ?? "";
        }
        return found;
      }),
    tag: (arn, tags, removed) =>
      change(async () => {
        const { AddTagsCommand, DeleteTagsCommand } = sagemaker();
        const client = sagemakerClient();
        const Tags = Object.entries(tags).map(([Key, Value]) => ({
          Key,
          Value,
        }));
        if (Tags.length > 0) await client.send(new AddTagsCommand({ ResourceArn: arn, Tags }));
        if (removed.length > 0)
          await client.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: removed }));
      }),
    objectExists: (uri) =>
      call(async () => {
        const { HeadObjectCommand } = s3();
        const { bucket, key } = splitS3Uri(uri);
        try {
          await s3Client().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
          return true;
        } catch (error) {
          if (["NotFound", "NoSuchKey", "NoSuchBucket"].includes((error as Error).name)) return false;
          if (isDenied(error)) throw new ObjectDeniedError(uri, error as Error);
          throw error;
        }
      }),
    listObjects,
    ...looks(s3, s3Client),
    removeObjects: async (uri) => {
      const { DeleteObjectsCommand } = s3();
      const { bucket } = splitS3Uri(uri);
      const objects = await listObjects(uri);
      for (let at = 0; at < objects.length; at += 1000) {
        const Objects = objects.slice(at, at + 1000).map(({ key }) => ({ Key: key }));
        const { Errors = [] } = await change(
          async () =>
            await s3Client().send(
              new DeleteObjectsCommand({
                Bucket: bucket,
                Delete: { Objects, Quiet: true },
              }),
            ),
        );
        // S3 answers "200 OK" and lists what it did not delete.
        if (Errors.length > 0) {
          const [{ Key, Code, Message }] = Errors;
          throw new Error(
            `${Errors.length} objects under ${uri} are left, such as ${Key}: ${Code}: ${Message}`,
          );
        }
      }
    },
    putJson: (uri, json, kmsKeyId) =>
      change(async () => {
        const { bucket, key } = splitS3Uri(uri);
        await s3Client().send(
          new (s3().PutObjectCommand)({
            Bucket: bucket,
            Key: key,
            Body: json,
            ContentType: "application/json",
            ...(kmsKeyId ? { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyId } : {}),
          }),
        );
      }),
    logStreams: (group, prefix) =>
      call(async () => {
        const { paginateDescribeLogStreams } = logs();
        const names: string[] = [];
        try {
          for await (const page of paginateDescribeLogStreams(
            { client: logsClient() },
            { logGroupName: group, logStreamNamePrefix: prefix },
          )) {
            for (const { logStreamName } of page.logStreams ?? [])
              if (logStreamName) names.push(logStreamName);
          }
        } catch (error) {
          if ((error as Error).name !== "ResourceNotFoundException") throw error;
        }
        return names;
      }),
    logEvents: (group, stream, token) =>
      call(async () => {
        const { GetLogEventsCommand } = logs();
        const page = await logsClient().send(
          new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            startFromHead: true,
            ...(token ? { nextToken: token } : {}),
          }),
        );
        return {
          events: (page.events ?? []).map(toEvent),
          token: page.nextForwardToken,
        };
      }),
    lastLogEvents: (group, stream, count) =>
      call(async () => {
        const { GetLogEventsCommand } = logs();
        const page = await logsClient().send(
          new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            startFromHead: false,
            limit: count,
          }),
        );
        return (page.events ?? []).map(toEvent);
      }),
    products: (service, attributes) =>
      listProducts(clients.pricing(), clients.pricingClient(), service, attributes),
  };
}

const toEvent = (event: Partial<LogEvent>): LogEvent => ({
  timestamp: event.timestamp ?? 0,
  message: event.message ?? "",
  ...(event.ingestionTime !== undefined && { ingestionTime: event.ingestionTime }),
});

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
