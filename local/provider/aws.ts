/** What a resource needs of AWS: clients for its region, made when first used, and the names of the region's partition. */

import { flushCompileCache } from "node:module";
import { setTimeout } from "node:timers/promises";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { ECR } from "@aws-sdk/client-ecr";
import type { EventBridge } from "@aws-sdk/client-eventbridge";
import type { IAM } from "@aws-sdk/client-iam";
import type { S3 } from "@aws-sdk/client-s3";
import type { SageMaker } from "@aws-sdk/client-sagemaker";
import type { SNS } from "@aws-sdk/client-sns";
import type { STS } from "@aws-sdk/client-sts";
import type { ProviderConfig } from "./config.ts";
import { failedOperation } from "./errors.ts";

/** The clients by service. They load their SDK when first asked for: a preview without changes needs next to none. */
export interface Clients {
  cloudwatch(): Promise<CloudWatch>;
  ecr(): Promise<ECR>;
  eventbridge(): Promise<EventBridge>;
  iam(): Promise<IAM>;
  logs(): Promise<CloudWatchLogs>;
  s3(): Promise<S3>;
  sagemaker(): Promise<SageMaker>;
  sns(): Promise<SNS>;
  sts(): Promise<STS>;
}

export interface Aws extends Clients {
  readonly region: string;
  /** Waits, in milliseconds, between two looks at something that changes. */
  pause(ms: number): Promise<unknown>;
}

/** As patient with throttling as the real provider, whose default is 25. */
const MAX_ATTEMPTS = 25;

interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly maxAttempts: number;
  readonly credentials?: ProviderConfig["credentials"];
  readonly profile?: string;
}

/** The part of a client that is used to name the operation in an error. */
interface WithMiddleware {
  middlewareStack: {
    add(
      middleware: (
        next: (args: unknown) => Promise<unknown>,
        context: { clientName?: string; commandName?: string },
      ) => (args: unknown) => Promise<unknown>,
      options: { step: "initialize"; name: string },
    ): void;
  };
}

/** Clients of the AWS at `AWS_ENDPOINT_URL`, for one region. */
export function connect(config: ProviderConfig, region: string, env = process.env): Aws {
  /** A client of its own for each service, made once. */
  function service<C>(name: string, make: (options: ClientOptions) => Promise<C>): () => Promise<C> {
    let client: Promise<C> | undefined;
    return () => {
      client ??= make(options(config, name, region, env)).then((made) => {
        flushCompileCache();
        return naming(made);
      });
      return client;
    };
  }
  return {
    region,
    pause: setTimeout,
    cloudwatch: service(
      "cloudwatch",
      async (o) => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(o),
    ),
    ecr: service("ecr", async (o) => new (await import("@aws-sdk/client-ecr")).ECR(o)),
    eventbridge: service(
      "eventbridge",
      async (o) => new (await import("@aws-sdk/client-eventbridge")).EventBridge(o),
    ),
    iam: service("iam", async (o) => new (await import("@aws-sdk/client-iam")).IAM(o)),
    logs: service(
      "logs",
      async (o) => new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(o),
    ),
    s3: service(
      "s3",
      async (o) => new (await import("@aws-sdk/client-s3")).S3({ ...o, forcePathStyle: true }),
    ),
    sagemaker: service(
      "sagemaker",
      async (o) => new (await import("@aws-sdk/client-sagemaker")).SageMaker(o),
    ),
    sns: service("sns", async (o) => new (await import("@aws-sdk/client-sns")).SNS(o)),
    sts: service("sts", async (o) => new (await import("@aws-sdk/client-sts")).STS(o)),
  };
}

/** This provider serves a handful of types, and must never touch a real account by accident: it goes to a named endpoint or nowhere. */
function options(
  config: ProviderConfig,
  service: string,
  region: string,
  env: NodeJS.ProcessEnv,
): ClientOptions {
  const endpoint = config.endpoints[service] ?? env.AWS_ENDPOINT_URL;
  if (!endpoint) {
    throw new Error(
      "AWS_ENDPOINT_URL is not set, and the local stack's AWS provider serves no other AWS. " +
        'Set up the shell with eval "$(npm run -s local:env)", or install the real provider with ' +
        "`pulumi plugin install resource aws` to deploy to an AWS account",
    );
  }
  const { credentials, profile } = config;
  return {
    region,
    endpoint,
    maxAttempts: MAX_ATTEMPTS,
    ...(credentials && { credentials }),
    ...(profile && { profile }),
  };
}

/** Makes errors of the client say which operation failed. */
function naming<C>(client: C): C {
  (client as unknown as WithMiddleware).middlewareStack.add(
    (next, { clientName = "", commandName = "" }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw failedOperation(error, clientName, commandName);
        }
      },
    { step: "initialize", name: "nameTheFailedOperation" },
  );
  return client;
}

/** The partition of a region: its name in ARNs, and the suffix of its host names. */
export async function partitionOf(
  region: string,
): Promise<{ name: string; dnsSuffix: string; description?: string }> {
  const { partition } = await import("@aws-sdk/core/client");
  return partition(region) as { name: string; dnsSuffix: string; description?: string };
}
