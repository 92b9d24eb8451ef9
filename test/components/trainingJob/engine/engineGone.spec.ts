import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { onEngineGone } from "../../../../components/trainingJob/engine/engineGone";

describe("onEngineGone", () => {
  it("is silent while the engine answers, and tells once when it does not", async () => {
    const engine = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(engine, "listening");
    const { port } = engine.address() as AddressInfo;
    let told = 0;
    const gone = new Promise<void>((resolve) => {
      onEngineGone(
        `127.0.0.1:${port}`,
        () => {
          told++;
          resolve();
        },
        1,
      );
    });
    for (let looks = 0; looks < 3; looks++) await once(engine, "connection");
    assert.equal(told, 0);
    engine.close();
    // It keeps nothing alive by itself.
    const alive = setInterval(() => {}, 1_000);
    await gone;
    clearInterval(alive);
    assert.equal(told, 1);
  });

  it("takes one refused connection for an engine that is busy, and two in a row for none", async () => {
    const answers = ["ECONNREFUSED", "", "ECONNREFUSED", "EMFILE", "ECONNREFUSED", "ECONNREFUSED"];
    const connect = () => {
      const socket = Object.assign(new EventEmitter(), { unref: () => {}, destroy: () => {} });
      const code = answers.shift();
      process.nextTick(() =>
        code ? socket.emit("error", Object.assign(new Error(code), { code })) : socket.emit("connect"),
      );
      return socket as unknown as Socket;
    };
    const alive = setInterval(() => {}, 1_000);
    await new Promise<void>((resolve) => onEngineGone("127.0.0.1:1", resolve, 0, connect));
    clearInterval(alive);
    assert.deepEqual(answers, []);
  });

  it("watches nothing where there is no engine", () => {
    onEngineGone(undefined, () => assert.fail("there was none"), 1);
  });
});
