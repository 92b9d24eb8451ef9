import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { Instance } from "../../../../../local/aws/hosting/serve/instance.ts";
import type { Container } from "../../../../../local/aws/training/process/container.ts";

/** A request that a model server has got. */
interface Asked {
  /** Of the server, from 1. */
  start: number;
  body: string;
  response: ServerResponse;
}

describe("one instance of a variant", () => {
  let dir: string;
  let asked: Asked[];
  let starts: number;
  let waiting: ((request: Asked) => void)[];
  let instance: Instance;
  let clocks: AbortController[];

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "in-"));
    [asked, waiting, clocks, starts] = [[], [], [], 0];
    instance = new Instance({
      ...{ variant: "v", socketPath: path.join(dir, "s"), startupSeconds: 60 },
      launch: async () => launched(),
      onProcess: () => undefined,
      deadline: () => {
        const clock = new AbortController();
        clocks.push(clock);
        return clock.signal;
      },
      log: () => undefined,
    });
  });
  afterEach(async () => {
    await instance.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** A model server in this process; its end takes all its connections. */
  function launched(): Container {
    starts += 1;
    const start = starts;
    const server: Server = createServer(async (request, response) => {
      if (request.url === "/ping") return void response.end();
      const got = { start, body: String(await buffer(request)), response };
      asked.push(got);
      waiting.shift()?.(got);
    });
    server.listen(path.join(dir, "s"));
    let end = () => {};
    const exited = new Promise<{ code: number }>((resolve) => {
      end = () => {
        server.closeAllConnections();
        server.close(() => resolve({ code: 9 }));
      };
    });
    return { exited, kill: () => end(), terminate: () => end() } as unknown as Container;
  }

  const next = () =>
    new Promise<Asked>((resolve) => {
      waiting.push(resolve);
    });
  const invoke = (body: string, signal = new AbortController().signal) =>
    instance.invoke({ method: "POST", path: "/invocations", body: Buffer.from(body) }, signal);
  const text = async (answer: ReturnType<typeof invoke>) => String((await answer).body);

  it("answers one request after the other, as the worker of the image does", async () => {
    await instance.start();
    const [first, arrived] = [invoke("a"), next()];
    const second = invoke("b");
    const a = await arrived;
    assert.equal(instance.inFlight, 2);
    assert.deepEqual(
      asked.map(({ body }) => body),
      ["a"],
    );
    const then = next();
    a.response.end("A");
    assert.equal(await text(first), "A");
    (await then).response.end("B");
    assert.equal(await text(second), "B");
    assert.equal(instance.inFlight, 0);
  });

  it("that takes longer than its time is started again, and answers those that waited", async () => {
    await instance.start();
    const arrived = next();
    const [slow, patient] = [invoke("slow"), invoke("patient")];
    await arrived;
    const then = next();
    clocks[0]?.abort();
    await assert.rejects(slow);
    const after = await then;
    assert.deepEqual([after.start, after.body], [2, "patient"]);
    after.response.end("here");
    assert.equal(await text(patient), "here");
  });

  it("goes on for the others where somebody has no more patience", async () => {
    await instance.start();
    const gone = new AbortController();
    const arrived = next();
    const [first, left, last] = [invoke("first"), invoke("left", gone.signal), invoke("last")];
    const { response } = await arrived;
    gone.abort();
    await assert.rejects(left);
    const then = next();
    response.end("1");
    assert.equal(await text(first), "1");
    const following = await then;
    assert.deepEqual([following.start, following.body], [1, "last"]);
    following.response.end("2");
    assert.equal(await text(last), "2");
  });

  it("that ends in the middle fails the request that it was at, and no other", async () => {
    await instance.start();
    const arrived = next();
    const [broken, patient] = [invoke("broken"), invoke("patient")];
    const { response } = await arrived;
    const then = next();
    response.socket?.destroy();
    await assert.rejects(broken);
    (await then).response.end("fine");
    assert.equal(await text(patient), "fine");
  });

  it("that is stopped lets nobody wait for ever", async () => {
    await instance.start();
    const arrived = next();
    const both = [invoke("a"), invoke("b")];
    await arrived;
    const ended = both.map((each) => assert.rejects(each));
    await instance.stop();
    await Promise.all(ended);
  });
});
