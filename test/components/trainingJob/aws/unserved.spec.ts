import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { AwsApi } from "../../../../components/trainingJob/aws/api";
import { isTransient } from "../../../../components/trainingJob/aws/retries";
import { awsApi, awsClients } from "../../../../components/trainingJob/aws/sdk";
import { failureOf } from "../../support/failure";

const HTML = "<!doctype html>\n<title>404 Not Found</title>";

/** What the endpoint answers to whatever it is asked. */
interface Answer {
  status: number;
  type?: string;
  body?: string;
}

describe("an operation that an endpoint does not serve", () => {
  let server: http.Server;
  let endpoint: string;
  let api: AwsApi;
  let answer: Answer;
  let asked: number;

  before((done) => {
    server = http.createServer((request, response) => {
      asked++;
      response.writeHead(answer.status, { "content-type": answer.type ?? "text/html" });
      response.end(request.method === "HEAD" ? undefined : answer.body);
    });
    server.listen(0, "127.0.0.1", () => {
      endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const credentials = { accessKeyId: "a", secretAccessKey: "b" };
      const config = { endpoint, region: "us-east-1", credentials, maxAttempts: 1, forcePathStyle: true };
      const clientConfig = () => ({ ...config, requestHandler: {} }) as never;
      api = awsApi(
        awsClients({
          region: "us-east-1",
          clientConfig,
          account: async () => undefined,
          verifyAccount: async () => {},
        }),
      );
      done();
    });
  });
  beforeEach(() => {
    asked = 0;
  });
  after((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

  const unserved: [string, Answer][] = [
    ["a page of HTML, 404", { status: 404, body: HTML }],
    ["a page of HTML, 500", { status: 500, body: HTML }],
    ["a page to log in at, 200", { status: 200, body: HTML }],
    ["nothing, 404", { status: 404 }],
    ["501", { status: 501, type: "text/plain" }],
    ["405", { status: 405, type: "text/plain", body: "no" }],
    [
      "501 in XML",
      { status: 501, type: "application/xml", body: "<Error><Code>NotImplemented</Code></Error>" },
    ],
    [
      "UnknownOperationException",
      {
        status: 400,
        type: "application/x-amz-json-1.1",
        body: '{"__type":"com.amazon.coral.service#UnknownOperationException"}',
      },
    ],
  ];
  for (const [what, each] of unserved) {
    it(`is named with the endpoint, and not tried again: ${what}`, async () => {
      answer = each;
      const { name, message } = await failureOf(api.remove("job"));
      assert.equal(name, "UnservedOperationError");
      assert.ok(message.startsWith(`SageMaker's DeleteTrainingJob is not served by ${endpoint}, `), message);
      assert.ok(message.includes(`status ${each.status}`), message);
      assert.ok(!message.includes("\n"));
      assert.equal(asked, 1);
    });
  }

  for (const [what, call, name] of [
    ["S3", () => api.listObjects("s3://bucket/key"), "S3's ListObjectsV2"],
    ["CloudWatch Logs", () => api.logStreams("group", "prefix"), "CloudWatchLogs's DescribeLogStreams"],
    ["Pricing", () => api.products("AmazonSageMaker", {}), "Pricing's GetProducts"],
  ] as [string, () => Promise<unknown>, string][]) {
    it(`is named for ${what}`, async () => {
      answer = { status: 500, body: HTML };
      const { message } = await failureOf(call());
      assert.ok(message.startsWith(`${name} is not served by`), message);
    });
  }

  for (const status of [429, 502, 503, 504]) {
    it(`is not what a proxy says with ${status}: that may pass`, async () => {
      answer = { status, body: HTML };
      // Tried once as such, without the API's patience.
      const error = await failureOf(api.products("AmazonSageMaker", {}));
      assert.ok(isTransient(error), error.name);
    });
  }

  it("is not an answer of AWS's", async () => {
    answer = {
      status: 400,
      type: "application/x-amz-json-1.1",
      body: '{"__type":"ValidationException","message":"no"}',
    };
    assert.equal((await failureOf(api.stop("job"))).name, "ValidationException");
    answer = { status: 200, type: "application/x-amz-json-1.1", body: '{"TrainingJobName":' };
    assert.equal((await failureOf(api.describe("job"))).name, "SyntaxError");
    answer = { status: 404, type: "text/html" };
    assert.equal(await api.objectExists("s3://bucket/key"), false);
  });
});
