import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Engine, ensureEngine, withEngine } from "../../local/engine/engine.ts";
import { run } from "../../local/run.ts";
import { makePrivate } from "../../local/stack.ts";
import {
  dropSalt,
  leaveSharedPassphrase,
  makePassphrase,
  passphraseFile,
  type StackFiles,
  saltOfState,
} from "../../local/stackSecrets.ts";

const SETTINGS = `# A comment.
config:
  aws:region: us-east-1
  training:hyperparameters:
    epochs: 4
`;
/** What earlier versions had in Pulumi.local.yaml. */
const SHARED = "encryptionsalt: v1:VDmZqkq9z4w=:v1:5oxLyS6RP66D3uQn:bHNVJcAJON76aUjdb961IOXeYyBLag==\n";

describe("the secrets of the local stack", function () {
  this.timeout(120_000);
  let dir: string;
  let files: StackFiles;
  let engine: Engine;

  before(async () => {
    engine = await ensureEngine(() => undefined);
  });
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "secrets-"));
    const backend = path.join(dir, "state/pulumi");
    mkdirSync(backend, { recursive: true });
    writeFileSync(path.join(dir, "Pulumi.yaml"), "name: training\nruntime: nodejs\n");
    files = {
      stateDir: path.join(dir, "state"),
      settings: path.join(dir, "Pulumi.local.yaml"),
      state: path.join(backend, ".pulumi/stacks/training/local.json"),
    };
    writeFileSync(files.settings, SETTINGS);
    makePassphrase(files.stateDir);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const settings = () => readFileSync(files.settings, "utf8");
  const ownEnv = () => ({
    ...withEngine(engine, process.env),
    PULUMI_BACKEND_URL: `file://${path.join(files.stateDir, "pulumi")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(files.stateDir),
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });
  const sharedEnv = () => ({ ...ownEnv(), PULUMI_CONFIG_PASSPHRASE: "local" });
  const pulumi = (args: string[], env: NodeJS.ProcessEnv = ownEnv()) =>
    run(engine.pulumi, [...args, "--non-interactive"], { cwd: dir, env });
  async function ok(args: string[], env?: NodeJS.ProcessEnv): Promise<string> {
    const done = await pulumi(args, env);
    assert.equal(done.code, 0, `${args}: ${done.output}`);
    return done.stdout.trim();
  }
  const create = ["stack", "select", "--create", "local"];
  const set = ["config", "set", "--secret", "training:key", "hush", "-s", "local"];
  const get = ["config", "get", "training:key", "-s", "local"];
  const own = () => ({ command: engine.pulumi, env: ownEnv(), stack: "local" });

  it("are encrypted with a passphrase of the state directory's own, for its owner to read", () => {
    const phrase = readFileSync(passphraseFile(files.stateDir), "utf8");
    assert.match(phrase, /^[\w-]{32}\n$/);
    assert.equal(statSync(passphraseFile(files.stateDir)).mode & 0o077, 0);
    makePassphrase(files.stateDir);
    assert.equal(readFileSync(passphraseFile(files.stateDir), "utf8"), phrase);
  });

  it("can be set, and read with this state directory only, not with what is in the repository", async () => {
    await ok(create);
    dropSalt(files);
    assert.equal(settings(), SETTINGS);

    await ok(set);
    dropSalt(files);
    assert.match(settings(), /secure: v1:/);
    assert.doesNotMatch(settings(), /encryptionsalt|hush/);
    assert.equal(await ok(get), "hush");

    // Another clone: the same settings file, another state directory.
    rmSync(files.stateDir, { recursive: true });
    mkdirSync(path.join(files.stateDir, "pulumi"), { recursive: true });
    makePassphrase(files.stateDir);
    writeFileSync(files.settings, settings().replace(/^encryptionsalt.*\n/m, ""));
    assert.throws(() => dropSalt(files), /has secrets that were set with another state directory/);
    await ok(create);
    for (const env of [ownEnv(), sharedEnv()]) {
      const { code, output } = await pulumi(get, env);
      assert.notEqual(code, 0);
      assert.doesNotMatch(output, /hush/);
    }
  });

  it("of another state directory are told about, with what to do", () => {
    writeFileSync(files.settings, `${SETTINGS}  training:key:\n    secure: v1:a:b\n${SHARED}`);
    assert.throws(() => dropSalt(files), /Pulumi.local.yaml has secrets that .* set them again with/);
    writeFileSync(files.settings, SETTINGS + SHARED);
    dropSalt(files);
    assert.equal(settings(), SETTINGS);
  });

  it("of an earlier version are encrypted anew", async () => {
    writeFileSync(files.settings, SETTINGS + SHARED);
    await ok(create, sharedEnv());
    await ok(set, sharedEnv());
    assert.match(settings(), /VDmZqkq9z4w=/);

    await leaveSharedPassphrase(files, own());
    dropSalt(files);
    assert.doesNotMatch(settings(), /encryptionsalt/);
    assert.doesNotMatch(String(saltOfState(files)), /VDmZqkq9z4w=/);
    assert.equal(await ok(get), "hush");
    assert.notEqual((await pulumi(get, sharedEnv())).code, 0);
  });

  it("of an earlier version are encrypted anew when the salt has gone with a pull", async () => {
    writeFileSync(files.settings, SETTINGS + SHARED);
    await ok(create, sharedEnv());
    writeFileSync(files.settings, SETTINGS);
    await leaveSharedPassphrase(files, own());
    dropSalt(files);
    assert.equal(settings(), SETTINGS);
    await ok(set);
    assert.equal(await ok(get), "hush");
  });

  it("that cannot be encrypted anew are told about, with what to do", async () => {
    writeFileSync(files.settings, SETTINGS + SHARED);
    await ok(create, sharedEnv());
    await assert.rejects(leaveSharedPassphrase(files, { ...own(), command: "false" }), /npm run local:reset/);
  });

  it("are in a folder that nobody else can look into, also one that an earlier version made", async () => {
    chmodSync(files.stateDir, 0o755);
    await makePrivate(files.stateDir);
    assert.equal(statSync(files.stateDir).mode & 0o777, 0o700);
  });
});
