import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import loadWhenInvoked from "../../../local/engine/loadWhenInvoked.cjs";

type Invoke = (call: string, callback: (answer: string) => void) => void;

class Server {
  invoke?: Invoke;
  addService(_service: object, provider: { name: string; invoke: Invoke }) {
    this.invoke = provider.invoke.bind(provider);
  }
}

describe("loadWhenInvoked", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "training-load-when-invoked-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const module = (name: string, text = "") => {
    const file = path.join(dir, `${name}.cjs`);
    writeFileSync(file, text);
    return file;
  };

  it("answers as the provider does, and loads afterwards; nothing before, and what fails is passed over", async () => {
    const [first, second] = [module("first"), module("second")];
    const isLoaded = () => [first, second].map((file) => file in require.cache);
    const Own = class extends Server {};
    loadWhenInvoked(Own, [first, path.join(dir, "missing"), module("broken", "throw new Error()"), second]);
    const server = new Own();
    server.addService({}, {
      name: "jobs",
      invoke(call, callback) {
        callback(`${this.name}: no ${call}`);
      },
    } as { name: string; invoke: Invoke });

    await setImmediate();
    assert.deepEqual(isLoaded(), [false, false]);

    const answers: string[] = [];
    server.invoke?.("start", (answer) => answers.push(answer));
    assert.deepEqual([answers, isLoaded()], [["jobs: no start"], [false, false]]);

    for (let turn = 0; turn < 5; turn++) await setImmediate();
    assert.deepEqual(isLoaded(), [true, true]);
  });
});
