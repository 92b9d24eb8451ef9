import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import type { Hosting } from "../../../../../local/aws/hosting/deploy/hosting.ts";
import { Runtime, type RuntimeOptions } from "../../../../../local/aws/hosting/invoke/runtime.ts";
import type { EndpointRecord } from "../../../../../local/aws/hosting/records/record.ts";
import { callModel } from "../../../../../local/aws/hosting/serve/call.ts";
import type { RecordStore } from "../../../../../local/aws/sagemaker/recordStore.ts";

const caller = { accessKey: "k", region: "us-east-1", account: "000000000000", service: "sagemaker" };
const MiB = 1024 * 1024;

describe("InvokeEndpoint", () => {
  let dir: string;
  let server: Server;
  let listener: RequestListener;
  let outcomes: object[];
  let answered: Parameters<NonNullable<RuntimeOptions["onAnswered"]>>[0][];
  beforeEach(async () => {
    outcomes = [];
    answered = [];
    dir = mkdtempSync(path.join(tmpdir(), "rt-"));
    server = createServer((request, response) => listener(request, response));
    await new Promise<void>((resolve) => server.listen(path.join(dir, "s"), resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** A runtime of one endpoint "e", whose variant "v" is a server on a socket. */
  function runtime({ deadline, isServerless = false, ready = true, socket = "s" }: Setting = {}) {
    const record = { name: "e", region: "us-east-1", current: {} } as EndpointRecord;
    const instance = {
      invoke: (message: Parameters<typeof callModel>[1], signal: AbortSignal) =>
        callModel(path.join(dir, socket), message, signal),
    };
    const live = {
      route: (target?: string) =>
        target === undefined || target === "v"
          ? { variant: "v", isServerless, deployed: { count: 2 }, instance: ready ? instance : undefined }
          : "no variant",
    };
    return new Runtime({
      store: {
        find: (name: string) => (name === "e" ? record : undefined),
      } as unknown as RecordStore<EndpointRecord>,
      hosting: { find: () => live } as unknown as Hosting,
      deadline,
      onOutcome: ({ modelMs, overheadMs, ...outcome }) => {
        assert.ok(modelMs >= 0 && overheadMs >= 0);
        outcomes.push(outcome);
      },
      onAnswered: (seen) => answered.push(seen),
    });
  }
  interface Setting {
    deadline?: () => AbortSignal;
    isServerless?: boolean;
    ready?: boolean;
    socket?: string;
  }

  async function invoke(
    body: Buffer | string = "{}",
    headers: IncomingHttpHeaders = {},
    setting: Setting = {},
    name = "e",
  ) {
    const answer = await runtime(setting).invoke(name, headers, Buffer.from(body), caller);
    const isJson = answer.headers["content-type"] === "application/json";
    return { ...answer, json: isJson ? JSON.parse(answer.body.toString()) : undefined };
  }

  it("hands the container what SageMaker hands on, and the client what it answers", async () => {
    let seen: IncomingHttpHeaders = {};
    listener = async (request, response) => {
      seen = request.headers;
      const body = await buffer(request);
      response.setHeader("content-type", "text/csv");
      response.setHeader("X-Amzn-SageMaker-Custom-Attributes", "trace=1");
      response.end(`${request.method} ${request.url} ${body}`);
    };
    const { status, headers, body } = await invoke("a,b", {
      "content-type": "text/csv",
      accept: "text/csv",
      "x-amzn-sagemaker-custom-attributes": "trace=0",
      "x-amzn-sagemaker-target-variant": "v",
      authorization: "secret",
      cookie: "secret",
    });
    assert.deepEqual([status, body.toString()], [200, "POST /invocations a,b"]);
    assert.deepEqual(headers, {
      "content-type": "text/csv",
      "x-amzn-invoked-production-variant": "v",
      "x-amzn-sagemaker-custom-attributes": "trace=1",
    });
    assert.deepEqual([seen["content-type"], seen.accept], ["text/csv", "text/csv"]);
    assert.equal(seen["x-amzn-sagemaker-custom-attributes"], "trace=0");
    assert.deepEqual([seen.authorization, seen.cookie], [undefined, undefined]);
  });

  it("is a ModelError where the container answers 4xx or 5xx", async () => {
    listener = (_, response) => {
      response.statusCode = 415;
      response.end("not an image");
    };
    const { status, headers, json } = await invoke();
    assert.deepEqual([status, headers["x-amzn-errortype"]], [424, "ModelError"]);
    assert.equal(json.OriginalStatusCode, 415);
    assert.equal(json.OriginalMessage, "not an image");
    assert.equal(
      json.Message,
      'Received client error (415) from primary with message "not an image". See https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws/sagemaker/Endpoints/e in account 000000000000 for more information.',
    );
  });

  it("takes 6 MB and no more, serverless 4 MB, before a container is asked", async () => {
    let asked = 0;
    listener = (request, response) => {
      asked += 1;
      request.resume().on("end", () => response.end());
    };
    assert.equal((await invoke(Buffer.alloc(6 * MiB))).status, 200);
    const tooLarge = await invoke(Buffer.alloc(6 * MiB + 1));
    assert.deepEqual(
      [tooLarge.status, tooLarge.json.Message],
      [413, "HTTP content length exceeded 6291456 bytes."],
    );
    const serverless = { isServerless: true };
    assert.equal((await invoke(Buffer.alloc(4 * MiB), {}, serverless)).status, 200);
    const oversize = await invoke(Buffer.alloc(4 * MiB + 1), {}, serverless);
    assert.equal(oversize.status, 400);
    assert.match(oversize.json.Message, /^Request \S+ has oversize body\.$/);
    assert.equal(asked, 2);
  });

  it("tells how each request went that a variant was asked, and what was asked and answered", async () => {
    const common = { endpoint: "e", region: "us-east-1", variant: "v", instances: 2 };
    listener = (request, response) => {
      response.setHeader("content-type", "text/csv");
      request.resume().on("end", () => response.end("1"));
    };
    await invoke("a", { "content-type": "text/plain", "x-amzn-sagemaker-inference-id": "id" });
    listener = (_, response) => response.writeHead(500).end();
    await invoke("{}", {}, { isServerless: true });
    listener = (request) => request.socket.destroy();
    await invoke();
    await invoke("{}", {}, { ready: false });
    await invoke("{}", {}, {}, "other");
    assert.deepEqual(outcomes, [
      { ...common, status: 200 },
      { ...common, instances: undefined, status: 500 },
      { ...common, status: undefined },
      { ...common, status: 503 },
    ]);
    const [seen, ...rest] = answered;
    assert.deepEqual([seen?.input.contentType, seen?.input.body.toString()], ["text/plain", "a"]);
    assert.deepEqual([seen?.output.contentType, seen?.output.body.toString()], ["text/csv", "1"]);
    assert.deepEqual([seen?.inferenceId, rest], ["id", []]);
  });

  it("hands on no answer of more than 6 MB", async () => {
    listener = (_, response) => response.end(Buffer.alloc(6 * MiB + 1));
    assert.match((await invoke()).json.Message, /from primary and could not load the entire response body\./);
  });

  it("reads no more of an answer that has no end", async () => {
    let closed: Promise<void> = Promise.resolve();
    listener = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(MiB)));
      };
      closed = new Promise((resolve) => response.once("close", resolve));
      response.on("drain", more);
      more();
    };
    assert.match((await invoke()).json.Message, /could not load the entire response body\./);
    await closed;
  });

  it("ends when the model has had its 60 seconds", async () => {
    const clock = new AbortController();
    listener = () => clock.abort(); // the minute is over, and no answer has come
    const { status, json } = await invoke("{}", {}, { deadline: () => clock.signal });
    assert.deepEqual([status, json.OriginalStatusCode], [424, 0]);
    assert.match(
      json.Message,
      /^Received server error \(0\) from primary with message "Your invocation timed out/,
    );
  });

  it("asks each time on a connection of its own, as the server closes it after its answer", async () => {
    const sockets = new Set<unknown>();
    listener = (request, response) => {
      sockets.add(request.socket);
      response.end();
    };
    for (let i = 0; i < 4; i++) assert.equal((await invoke()).status, 200);
    assert.equal(sockets.size, 4);
  });

  it("is unavailable where no instance is healthy, and where one goes away in the middle", async () => {
    const code = async (setting: Setting) => {
      const { status, headers } = await invoke("{}", {}, setting);
      return [status, headers["x-amzn-errortype"]];
    };
    listener = (request) => request.socket.destroy();
    for (const setting of [{ ready: false }, {}, { socket: "nobody" }]) {
      assert.deepEqual(await code(setting), [503, "ServiceUnavailable"]);
    }
  });

  it("names an endpoint, a variant and a kind of hosting that are not there", async () => {
    const message = async (...args: Parameters<typeof invoke>) => {
      const { status, headers, json } = await invoke(...args);
      assert.deepEqual([status, headers["x-amzn-errortype"]], [400, "ValidationError"]);
      return json.Message;
    };
    assert.equal(await message("{}", {}, {}, "other"), "Endpoint other of account 000000000000 not found.");
    const variant = { "x-amzn-sagemaker-target-variant": "w" };
    assert.equal(await message("{}", variant), "Variant w not found for Request");
    assert.match(await message("{}", { "x-amzn-sagemaker-target-model": "m" }), /does not serve the header/);
  });
});
