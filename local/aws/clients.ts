import { Agent } from "node:http";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** AWS clients that talk to ministack through its socket, past the front and its injected faults. */
export interface AwsClients {
  s3: S3Client;
  logs: CloudWatchLogsClient;
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

export const DEFAULT_REGION = "us-east-1";

export function createClients(agent: Agent, credentials: Credentials, region = DEFAULT_REGION): AwsClients {
  const config = {
    endpoint: "http://127.0.0.1",
    region,
    credentials,
    requestHandler: { httpAgent: agent },
    maxAttempts: 5,
    // Failures are thrown and told by whoever asked; the clients' own warnings only repeat them.
    logger: silent,
  };
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    logs: new CloudWatchLogsClient(config),
    cloudwatch: new CloudWatchClient(config),
    iam: new IAMClient(config),
    sts: new STSClient(config),
  };
}
