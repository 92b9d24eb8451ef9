import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { SocketProxy } from "../../../../local/aws/front/proxy.ts";

describe("a call while ministack starts again", () => {
  let server: Server;
  let proxy: SocketProxy;
  let config: { endpoint: string; region: string; maxAttempts: number; credentials: object };
  beforeEach(async () => {
    proxy = new SocketProxy(path.join(tmpdir(), "nobody-listens-here"));
    server = createServer((request, response) => proxy.forward(request, response, request.rawHeaders));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "k", secretAccessKey: "s" };
    config = { endpoint, credentials, region: "us-east-1", maxAttempts: 1 };
  });
  afterEach(() => {
    proxy.close();
    server.closeAllConnections();
    server.close();
  });

  const calls: [string, () => Promise<unknown>][] = [
    [
      "S3",
      () => new S3Client({ ...config, forcePathStyle: true } as object).send(new ListBucketsCommand({})),
    ],
    ["IAM", () => new IAMClient(config as object).send(new ListRolesCommand({}))],
    ["CloudWatch", () => new CloudWatchClient(config as object).send(new ListMetricsCommand({}))],
  ];
  for (const [service, call] of calls) {
    it(`says so to a client of ${service}`, async () => {
      await assert.rejects(call(), (error: Error & { $metadata?: { httpStatusCode: number } }) => {
        assert.equal(error.name, "ServiceUnavailable");
        assert.match(error.message, /^The local AWS is restarting: connect ENOENT/);
        assert.equal(error.$metadata?.httpStatusCode, 503);
        return true;
      });
    });
  }
});
