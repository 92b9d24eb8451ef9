import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { jobOf, readState, recordedNames } from "../../engine/support/recordedState";

const PROJECT = path.resolve(__dirname, "../../..");

/**
 * A provider process, as Pulumi starts it in the folder of the project: it makes the provider from the text of the state, which comes
 * on standard input, and calls it. Prints what it answered, and whether it was the class of this checkout that did.
 */
const PROCESS = `
const Module = require("node:module");
const recorded = new Module("recorded");
recorded.paths = Module._nodeModulePaths(process.cwd());
recorded._compile(require("node:fs").readFileSync(0, "utf8"), "");
const provider = recorded.exports.handler();
provider.configure({ config: { get: () => undefined } });
provider.check({}, { maxRun: "soon", region: "us-east-1" }).then(({ failures }) => {
  const today = require(process.cwd() + "/components/trainingJob/provider").TrainingJobProvider;
  const loaded = Object.values(globalThis).some((each) => each instanceof today);
  process.stdout.write(JSON.stringify({ loaded, failures, methods: Object.keys(provider) }));
  process.exit();
});
`;

describe("the provider that an earlier release left in a state", function () {
  this.timeout(60_000);

  const texts = new Map<string, string[]>();
  for (const name of recordedNames()) {
    const { inputs, outputs } = jobOf(readState(name));
    for (const text of [inputs?.__provider, outputs?.__provider]) {
      texts.set(String(text), [...(texts.get(String(text)) ?? []), name]);
    }
  }

  for (const [text, names] of texts) {
    it(`works with today's code: ${[...new Set(names)].join(", ")}`, () => {
      const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", PROCESS], {
        cwd: PROJECT,
        input: text,
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      const { loaded, failures, methods } = JSON.parse(stdout);
      assert.equal(loaded, true);
      assert.deepEqual(methods, ["configure", "check", "diff", "create", "update", "read", "delete"]);
      const properties = failures.map(({ property }: { property: string }) => property);
      assert.ok(properties.includes("maxRun"), JSON.stringify(failures));
    });
  }
});
