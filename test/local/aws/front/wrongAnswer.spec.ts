import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { wrongAnswer } from "../../../../local/aws/front/wrongAnswer.ts";

describe("an injected wrong answer", () => {
  let server: Server;
  let config: object;
  beforeEach(async () => {
    server = createServer((request, response) => wrongAnswer(request, response, "ThrottlingException"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "k", secretAccessKey: "s" };
    config = { endpoint, credentials, region: "us-east-1", maxAttempts: 1, forcePathStyle: true };
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const calls: [service: string, code: string, call: () => Promise<unknown>][] = [
    ["S3", "SlowDown", () => new S3Client(config).send(new ListBucketsCommand({}))],
    ["IAM", "Throttling", () => new IAMClient(config).send(new ListRolesCommand({}))],
    [
      "CloudWatch",
      "ThrottlingException",
      () => new CloudWatchClient(config).send(new ListMetricsCommand({})),
    ],
    [
      "SageMaker",
      "ThrottlingException",
      () => new SageMakerClient(config).send(new ListTrainingJobsCommand({})),
    ],
  ];
  for (const [service, name, call] of calls) {
    it(`of ${service} is ${name}`, async () => {
      await assert.rejects(call(), { name, message: "Rate exceeded" });
    });
  }
});
