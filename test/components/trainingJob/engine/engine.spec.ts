import assert from "node:assert/strict";
import * as diagnostics from "node:diagnostics_channel";
import * as grpc from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/engine_pb";
import {
  connectEngine,
  engineAddress,
  onEngineCancel,
} from "../../../../components/trainingJob/engine/engine";

interface LogRequest {
  getUrn(): string;
  getSeverity(): number;
  getMessage(): string;
  getEphemeral(): boolean;
}

describe("connectEngine", () => {
  const { LogSeverity } = messages as unknown as { LogSeverity: Record<string, number> };
  const { EngineService } = services as unknown as { EngineService: grpc.ServiceDefinition };
  const heard: LogRequest[] = [];
  let server: grpc.Server;
  let address: string;

  before((done) => {
    const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
    server = new grpc.Server();
    server.addService(EngineService, {
      log: ({ request }: { request: LogRequest }, answer: grpc.sendUnaryData<unknown>) => {
        heard.push(request);
        answer(null, new Empty());
      },
      getRootResource: () => {},
      setRootResource: () => {},
      startDebugging: () => {},
      requirePulumiVersion: () => {},
    });
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      address = `127.0.0.1:${port}`;
      done(error ?? undefined);
    });
  });
  after(() => server.forceShutdown());

  it("says statuses and log lines in their order, on the resource's row", async () => {
    const engine = connectEngine(address);
    engine.status("urn:job", "[Training]");
    for (let line = 0; line < 20; line++) engine.log("urn:job", "info", `line ${line}`);
    engine.log("urn:job", "debug", "chatter");
    engine.log("urn:job", "warning", "mind");
    engine.log(undefined, "error", "no");
    await engine.flush();

    assert.deepEqual(
      heard.map((each) => [each.getUrn(), each.getSeverity(), each.getMessage(), each.getEphemeral()]),
      [
        ["urn:job", LogSeverity.INFO, "[Training]", true],
        ...Array.from({ length: 20 }, (_, line) => ["urn:job", LogSeverity.INFO, `line ${line}`, false]),
        ["urn:job", LogSeverity.DEBUG, "chatter", false],
        ["urn:job", LogSeverity.WARNING, "mind", false],
        ["", LogSeverity.ERROR, "no", false],
      ],
    );
  });

  it("does not fail a training over an engine that cannot be reached", async () => {
    const engine = connectEngine("127.0.0.1:1");
    engine.status("urn:job", "[Training]");
    await engine.flush();
  });

  it("drops everything where there is no engine", async () => {
    const engine = connectEngine(undefined);
    engine.log("urn:job", "info", "unheard");
    await engine.flush();
  });
});

describe("engineAddress", () => {
  const script = ["/usr/bin/node", "/program/node_modules/@pulumi/pulumi/cmd/dynamic-provider"];

  for (const [what, args, expected] of [
    ["the only argument", ["127.0.0.1:43021"], "127.0.0.1:43021"],
    [
      "the last one behind what --logflow and --tracing add",
      ["-v=9", "--logtostderr", "--tracing", "file:./up.trace", "127.0.0.1:43021"],
      "127.0.0.1:43021",
    ],
    [
      "the last one behind --tracing alone",
      ["--tracing", "http://127.0.0.1:9411/api", "[::1]:80"],
      "[::1]:80",
    ],
    ["none without arguments", [], undefined],
    ["none where a flag stands last", ["--logtostderr"], undefined],
  ] as [string, string[], string | undefined][]) {
    it(`is ${what}`, () => assert.equal(engineAddress([...script, ...args]), expected));
  }
});

describe("onEngineCancel", () => {
  const stream = (path: string) =>
    diagnostics.channel("http2.server.stream.start").publish({ headers: { ":path": path } });

  it("hears the engine's Cancel, and nothing else", () => {
    let heard = 0;
    onEngineCancel(() => heard++);
    stream("/pulumirpc.ResourceProvider/Create");
    assert.equal(heard, 0);
    stream("/pulumirpc.ResourceProvider/Cancel");
    assert.equal(heard, 1);
  });
});
