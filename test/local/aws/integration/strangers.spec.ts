import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetObjectCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Credentials } from "../../../../local/aws/clients.ts";
import { controlHeaders } from "../../../../local/aws/front/sigv4.ts";
import { ensureTrainingPython } from "../../../../local/python/python.ts";
import { run } from "../../../../local/run.ts";
import { stackEnvironment } from "../../../../local/stack.ts";
import { bucket, roleArn, TestAws } from "./testAws.ts";

/** boto3's own presigned URLs, which are of version 2 unless version 4 is asked for. */
const PRESIGN = `
import sys, boto3
from botocore.config import Config
for version in (None, "s3v4"):
    s3 = boto3.client("s3", config=Config(signature_version=version))
    print(s3.generate_presigned_url("get_object", Params={"Bucket": sys.argv[1], "Key": "some key"}))
    print(s3.generate_presigned_url("put_object", Params={"Bucket": sys.argv[1], "Key": "put", "ContentType": "text/plain"}))
`;

const strangers: Record<string, Credentials> = {
  "the key test": { accessKeyId: "test", secretAccessKey: "test" },
  "an account's number": { accessKeyId: "000000000000", secretAccessKey: "test" },
  "a made-up session": {
    accessKeyId: "ASIAABCDEFGHIJKLMNOP",
    secretAccessKey: "made-up",
    sessionToken: "FwoGZXmadeup",
  },
};

const pages = [
  { origin: "https://example.com" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site" },
  { host: "evil.example:80" },
];

describe("strangers at the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start();
    await aws.put("some key", "content");
  });
  after(() => aws.remove());

  async function call(options: object, body = ""): Promise<{ status: number; body: string }> {
    const asked = httpRequest({ host: "127.0.0.1", port: aws.running.port, ...options });
    asked.end(body);
    const [answer] = await once(asked, "response");
    return { status: answer.statusCode, body: await text(answer) };
  }

  /** One call to each service: a new one goes here. */
  const calls: Record<string, (config: object) => Promise<unknown>> = {
    sagemaker: (config) => new SageMakerClient(config).send(new ListTrainingJobsCommand({})),
    s3: (config) => new S3Client({ ...config, forcePathStyle: true }).send(new ListBucketsCommand({})),
    iam: (config) => new IAMClient(config).send(new GetRoleCommand({ RoleName: "training" })),
    sts: (config) => new STSClient(config).send(new GetCallerIdentityCommand({})),
    logs: (config) => new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand({})),
    cloudwatch: (config) => new CloudWatchClient(config).send(new ListMetricsCommand({})),
    ecr: (config) => new ECRClient(config).send(new DescribeRepositoriesCommand({})),
  };
  const config = (credentials: Credentials) => ({
    endpoint: aws.running.endpoint,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });

  for (const [service, ask] of Object.entries(calls)) {
    it(`get nothing of ${service}, and are told what to do`, async () => {
      await ask(config(aws.running.credentials));
      for (const credentials of Object.values(strangers)) {
        await assert.rejects(ask(config(credentials)), {
          name: /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId)$/,
          message: /local:env/,
        });
      }
      const guess = { ...aws.running.credentials, secretAccessKey: "guess" };
      await assert.rejects(ask(config(guess)), {
        name: /^(InvalidSignatureException|SignatureDoesNotMatch)$/,
        message: /local:env/,
      });
    });
  }

  const form = { "content-type": "application/x-www-form-urlencoded" };
  const json = { "content-type": "application/x-amz-json-1.1" };
  /** Everything that the port takes: a new route goes here. */
  const routes: [string, object, string?][] = [
    ["a job", { method: "POST", headers: { ...json, "x-amz-target": "SageMaker.CreateTrainingJob" } }, "{}"],
    ["the buckets", {}],
    ["an object", { path: `/${bucket}/some%20key` }],
    ["to write an object", { method: "PUT", path: `/${bucket}/x` }, "x"],
    ["a user", { method: "POST", headers: form }, "Action=CreateUser&UserName=x&Version=2010-05-08"],
    ["a user by GET", { path: "/?Action=CreateUser&UserName=x&Version=2010-05-08" }],
    ["a role's credentials", { method: "POST", headers: form }, `Action=AssumeRole&RoleArn=${roleArn}`],
    [
      "to put logs",
      { method: "POST", headers: { ...json, "x-amz-target": "Logs_20140328.PutLogEvents" } },
      "{}",
    ],
    ["health", { path: "/_local/health" }],
    ["the faults", { path: "/_local/faults" }],
    ["to set faults", { method: "POST", path: "/_local/faults" }, "{}"],
    ["the calls", { path: "/_local/calls" }],
    ["the question to IAM", { method: "POST", path: "/_local/iam" }, "{}"],
    ["the question for a key", { method: "POST", path: "/_local/key" }, '{"accessKey":"ASIA"}'],
    ["the question, encoded", { method: "POST", path: "/%5Flocal/key" }, "{}"],
    ["the question, behind slashes", { method: "POST", path: "//_local/key" }, "{}"],
    ["ministack's health", { path: "/_ministack/health" }],
    ["a CORS preflight", { method: "OPTIONS", path: `/${bucket}/some%20key` }],
  ];
  for (const [what, options, body] of routes) {
    it(`that are another user of the machine are refused ${what}`, async () => {
      const unsigned = await call(options, body);
      assert.equal(unsigned.status, 403, unsigned.body);
      const { method = "GET", path: target = "/", headers = {} } = options as Record<string, never>;
      const url = new URL(aws.running.endpoint);
      url.pathname = target;
      for (const credentials of Object.values(strangers)) {
        const signed = controlHeaders({ method, url, body: body ?? "" }, credentials);
        const answer = await call({ ...options, headers: { ...(headers as object), ...signed } }, body);
        assert.equal(answer.status, 403, answer.body);
      }
    });

    it(`that are a web page are refused ${what}, even with the owner's signature`, async () => {
      const { method = "GET", path: target = "/", headers = {} } = options as Record<string, never>;
      const url = new URL(aws.running.endpoint);
      url.pathname = target;
      const signed = controlHeaders({ method, url, body: body ?? "" }, aws.running.credentials);
      for (const page of pages) {
        const answer = await call(
          { ...options, headers: { ...(headers as object), ...signed, ...page } },
          body,
        );
        assert.equal(answer.status, 403);
        assert.match(answer.body, /AccessDenied/);
      }
    });
  }

  it("get no key of ministack's root from the question, whoever asks", async () => {
    for (const path of ["/_local/iam", "/_local/key"]) {
      const url = new URL(path, aws.running.endpoint);
      const body = '{"accessKey":"test"}';
      const headers = controlHeaders({ method: "POST", url, body }, aws.running.credentials);
      assert.equal((await fetch(url, { method: "POST", body, headers })).status, 404);
    }
  });

  for (const path of [
    "/_ministack/reset",
    "/%5Fministack/reset",
    "//_ministack/reset",
    "/./_ministack/reset",
    `/${bucket}/../_ministack/config`,
    "/%5Flocal/iam",
    "//_local/key",
  ]) {
    it(`get nothing at ${path}, and neither does the owner`, async () => {
      const url = { host: `127.0.0.1:${aws.running.port}`, pathname: path } as URL;
      const headers = controlHeaders({ method: "POST", url, body: "{}" }, aws.running.credentials);
      const answer = await call({ method: "POST", path, headers }, "{}");
      assert.deepEqual([answer.status, /control paths are closed/.test(answer.body)], [403, true]);
    });
  }

  describe("with a presigned URL", () => {
    let urls: URL[];
    before(async () => {
      const python = await ensureTrainingPython(() => undefined);
      const env = stackEnvironment(aws.running, process.env);
      const done = await run(python, ["-c", PRESIGN, bucket], { env });
      assert.equal(done.code, 0, done.output);
      urls = done.stdout
        .trim()
        .split("\n")
        .map((line) => new URL(line));
    });

    it("get that object, by either version", async () => {
      for (const url of [urls[0], urls[2]]) assert.equal(await (await fetch(url)).text(), "content");
      for (const url of [urls[1], urls[3]]) {
        const put = { method: "PUT", body: "sent", headers: { "content-type": "text/plain" } };
        assert.equal((await fetch(url, put)).status, 200);
        assert.equal((await aws.get("put")).toString(), "sent");
      }
    });

    it("get nothing else with it", async () => {
      for (const url of [urls[0], urls[2]]) {
        const other = new URL(url);
        other.pathname = `/${bucket}/put`;
        const until = new URL(url);
        for (const name of ["Expires", "X-Amz-Expires"])
          if (until.searchParams.has(name)) until.searchParams.set(name, "99999999999");
        const action = new URL(url);
        action.searchParams.set("Action", "CreateUser");
        const sagemaker = { "x-amz-target": "SageMaker.ListTrainingJobs" };
        for (const [changed, init] of [
          [other, {}],
          [until, {}],
          [action, {}],
          [url, { method: "DELETE" }],
          [url, { headers: sagemaker }],
        ] as [URL, RequestInit][]) {
          assert.equal((await fetch(changed, init)).status, 403, `${changed} ${JSON.stringify(init)}`);
        }
      }
      // What a holder may write is not for the holder to choose.
      for (const url of [urls[1], urls[3]]) {
        const headers = { "content-type": "text/plain", "x-amz-copy-source": `/${bucket}/some%20key` };
        assert.equal((await fetch(url, { method: "PUT", headers })).status, 403);
      }
    });

    it("get nothing when it is signed with keys of their own", async () => {
      const python = await ensureTrainingPython(() => undefined);
      const stranger = strangers["the key test"];
      const env = stackEnvironment({ ...aws.running, credentials: stranger }, process.env);
      const done = await run(python, ["-c", PRESIGN, bucket], { env });
      for (const line of done.stdout.trim().split("\n")) assert.equal((await fetch(line)).status, 403);
    });
  });

  it("are not the holders of a session that STS gave out", async () => {
    const sts = new STSClient(config(aws.running.credentials));
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "s", DurationSeconds: 900 }),
    );
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      sessionToken: given?.SessionToken,
    };
    for (const ask of Object.values(calls)) await ask(config(credentials));
    await assert.rejects(calls.s3(config({ ...credentials, sessionToken: "made-up" })), {
      name: "InvalidAccessKeyId",
    });
    const s3 = new S3Client({ ...config(credentials), forcePathStyle: true });
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "some key" }));
    assert.equal(await object.Body?.transformToString(), "content");
    const env = {
      ...stackEnvironment({ ...aws.running, credentials }, process.env),
      AWS_SESSION_TOKEN: credentials.sessionToken,
    };
    const done = await run(await ensureTrainingPython(() => undefined), ["-c", PRESIGN, bucket], { env });
    const [v2, , v4] = done.stdout.trim().split("\n");
    for (const url of [v2, v4]) assert.equal(await (await fetch(url)).text(), "content");
  });

  it("cannot read where the owner's secret is", async () => {
    const { secretAccessKey } = aws.running.credentials;
    for (const file of ["aws.json", "aws/owner.json"]) {
      const name = path.join(aws.stateDir, file);
      assert.ok(readFileSync(name, "utf8").includes(secretAccessKey), file);
      assert.equal(statSync(name).mode & 0o077, 0, file);
    }
    assert.equal(aws.output.join("").includes(secretAccessKey), false);
  });
});
