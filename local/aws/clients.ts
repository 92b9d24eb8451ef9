import { Agent } from "node:http";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import type { LogEvent } from "./logs/events.ts";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Where a job's lines go: CloudWatch Logs of its region. */
export interface JobLogs {
  /** Adds to a stream, all events or none; throws when they cannot be kept. */
  write(group: string, stream: string, events: readonly LogEvent[], now: number): void;
}

/** AWS clients of one region that talk to ministack through its socket, past the front and its injected faults. */
export interface AwsClients {
  s3: S3Client;
  logs: JobLogs;
  cloudwatch: CloudWatchClient;
  iam: IAMClient;
  sts: STSClient;
}

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** One pool of connections to ministack's socket. */
export function socketAgent(socketPath: string): Agent {
  // Agent options override those of a request; the types only lack socketPath.
  const options = { socketPath, keepAlive: true, maxSockets: 64, timeout: 30_000 };
  return new Agent(options);
}

/** Of calls that name none, and of states of earlier versions. */
export const DEFAULT_REGION = "us-east-1";

export function createClients(
  agent: Agent,
  credentials: Credentials,
  region: string,
): Omit<AwsClients, "logs"> {
  const config = {
    endpoint: "http://127.0.0.1",
    region,
    credentials,
    requestHandler: { httpAgent: agent },
    maxAttempts: 9, // some six seconds in all: longer than ministack takes to start again
    // Failures are thrown and told by whoever asked; the clients' own warnings only repeat them.
    logger: silent,
  };
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    cloudwatch: new CloudWatchClient(config),
    iam: new IAMClient(config),
    sts: new STSClient(config),
  };
}
