import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stopLocalAws } from "../../local/aws/client.ts";
import { ensureTrainingPython } from "../../local/python/python.ts";

const PROJECT = path.resolve(__dirname, "../..");

/** Loads the weights as a user would, into the network that train.py trained. */
const LOAD = `
import sys, torch
from monai.networks.nets import DenseNet121
network = DenseNet121(spatial_dims=2, in_channels=1, out_channels=6)
network.load_state_dict(torch.load(sys.argv[1], weights_only=True))
print("loaded", sum(each.numel() for each in network.parameters()))
`;

describe("npm start, end to end", function () {
  this.timeout(900_000);
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), "training-start-"));
  const env = { ...process.env, TRAINING_STATE_DIR: path.join(stateDir, "state") };
  const command = (script: string, ...args: string[]) => {
    const loader = script === "local/start.ts" ? [] : ["--import", "tsx"]; // as in package.json
    const done = spawnSync(process.execPath, [...loader, path.join(PROJECT, script), ...args], {
      cwd: PROJECT,
      env,
      encoding: "utf8",
    });
    return { code: done.status, stdout: done.stdout, output: done.stdout + done.stderr };
  };

  after(async () => {
    await stopLocalAws(env.TRAINING_STATE_DIR);
    fs.rmSync(stateDir, { recursive: true, force: true });
  });

  it("trains a DenseNet121 on real images and hands over its artifact", async () => {
    const start = command("local/start.ts");
    assert.equal(start.code, 0, start.output);
    const [, printed] = /val_accuracy {4}([0-9.]+)/.exec(start.output) ?? [];
    assert.ok(Number(printed) >= 0.85, `val_accuracy ${printed}`);

    const out = path.join(stateDir, "model");
    const artifact = command("commands/artifact.ts", "--out", out);
    assert.equal(artifact.code, 0, artifact.output);
    const metrics = JSON.parse(fs.readFileSync(path.join(out, "metrics.json"), "utf8"));
    assert.equal(Number(printed), metrics.val_accuracy);
    const python = await ensureTrainingPython(() => {});
    const loaded = spawnSync(python, ["-c", LOAD, path.join(out, "model.pth")], { encoding: "utf8" });
    assert.match(loaded.stdout, /^loaded \d+/, loaded.stderr);
  });

  it("changes nothing the second time", () => {
    const start = command("local/start.ts");
    assert.equal(start.code, 0, start.output);
    assert.match(start.output, /Resources:\n {4}\d+ unchanged\n/);
    assert.doesNotMatch(start.output, /Trains again/);
  });
});
