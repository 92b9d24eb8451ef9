import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { stopLocalAws } from "../../../local/aws/client.ts";
import { stackFiles } from "../../../local/stack.ts";
import { dropSalt } from "../../../local/stackSecrets.ts";

const run = promisify(execFile);
const project = path.resolve(__dirname, "../../..");
const { version } = require("@pulumi/aws/package.json") as { version: string };

describe("the local stack with the real AWS plugin installed", function () {
  this.timeout(300_000);
  let dir: string;
  const state = () => path.join(dir, "state");
  before(() => {
    dir = mkdtempSync(path.join(tmpdir(), "real-plugin-"));
  });
  after(async () => {
    await stopLocalAws(state());
    dropSalt(stackFiles()); // which preview has written into Pulumi.local.yaml
    rmSync(dir, { recursive: true });
  });

  it("runs that plugin, told all that it needs for an endpoint that is not AWS", async () => {
    const record = path.join(dir, "configured.jsonl");
    const plugin = path.join(dir, "home", "plugins", `resource-aws-v${version}`, "pulumi-resource-aws");
    mkdirSync(path.dirname(plugin), { recursive: true });
    const recorder = path.join(__dirname, "support", "recordingAws.mts");
    writeFileSync(plugin, `#!/bin/sh\nexec node '${recorder}' '${record}' ${version}\n`);
    chmodSync(plugin, 0o755);

    const env = {
      ...process.env,
      TRAINING_STATE_DIR: state(),
      PULUMI_HOME: path.join(dir, "home"),
      AWS_PROFILE: "production",
    };
    // As a user types it.
    const script =
      'eval "$(node local/env.ts)"; echo "$AWS_ENDPOINT_URL"; pulumi preview -s local --non-interactive';
    const { stdout } = await run("sh", ["-c", script], { cwd: project, env }).catch((error) => error);

    const endpoint = stdout.split("\n")[0];
    assert.match(stdout, /aws:s3:Bucket .*create/);
    const configured = readFileSync(record, "utf8").trim().split("\n");
    for (const line of configured) {
      const { args, env: seen } = JSON.parse(line);
      assert.deepEqual(seen, { AWS_ENDPOINT_URL: endpoint });
      const { region, skipCredentialsValidation, skipRequestingAccountId, skipMetadataApiCheck } = args;
      assert.deepEqual(
        { region, skipCredentialsValidation, skipRequestingAccountId, skipMetadataApiCheck },
        {
          region: "us-east-1",
          skipCredentialsValidation: "true",
          skipRequestingAccountId: "true",
          skipMetadataApiCheck: "true",
        },
      );
      assert.equal(args.s3UsePathStyle, "true");
    }
  });
});
