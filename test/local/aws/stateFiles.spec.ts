import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findRunning, resetLocalAws, stopLocalAws } from "../../../local/aws/client.ts";
import {
  ownerCredentials,
  readLastPort,
  readRunning,
  stateFiles,
  writeFileAtomic,
} from "../../../local/aws/stateFiles.ts";

describe("the state files of the local AWS", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "state-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("are written whole, and for the owner only", () => {
    const file = path.join(dir, "a/b.json");
    writeFileAtomic(file, "1");
    writeFileAtomic(file, "2");
    assert.equal(readFileSync(file, "utf8"), "2");
    assert.deepEqual(readdirSync(path.dirname(file)), ["b.json"]);
    assert.equal(statSync(file).mode & 0o077, 0);
  });

  it("may be missing or damaged", () => {
    assert.equal(readRunning(dir), undefined);
    writeFileSync(stateFiles(dir).running, "{");
    assert.equal(readRunning(dir), undefined);
    assert.equal(readLastPort(dir), 0);
    writeFileAtomic(stateFiles(dir).port, "99999");
    assert.equal(readLastPort(dir), 0);
    writeFileAtomic(stateFiles(dir).port, "4566");
    assert.equal(readLastPort(dir), 4566);
  });

  it("of a process that is gone, or is somebody else's, do not count as running, and nothing is signalled", async () => {
    const claim = (pid: number) =>
      writeFileSync(
        stateFiles(dir).running,
        JSON.stringify({ pid, port: 1, endpoint: "http://127.0.0.1:1" }),
      );
    for (const pid of [2 ** 22 - 1, process.pid]) {
      claim(pid);
      assert.equal(await findRunning(dir), undefined);
      assert.equal(await stopLocalAws(dir), false);
    }
  });

  for (const content of ["", "{}", '{"accessKeyId": "a"}', "null", '"x"']) {
    it(`have new credentials where the owner's are damaged (${content}), and say so`, () => {
      const said: string[] = [];
      const { owner } = stateFiles(dir);
      writeFileAtomic(owner, content);
      const credentials = ownerCredentials(dir, (line) => said.push(line));
      assert.match(credentials.secretAccessKey, /^[\w-]{40}$/);
      assert.equal(said.length, 1);
      assert.ok(said[0].startsWith(`${owner} is damaged`), said[0]);
      assert.equal(readFileSync(`${owner}.damaged`, "utf8"), content);
      assert.deepEqual(ownerCredentials(dir), credentials);
    });
  }

  it("have the owner's credentials, made at random and kept", () => {
    const credentials = ownerCredentials(dir);
    assert.match(credentials.accessKeyId, /^LOCAL[0-9A-F]{15}$/);
    assert.match(credentials.secretAccessKey, /^[\w-]{40}$/);
    assert.deepEqual(ownerCredentials(dir), credentials);
    assert.equal(statSync(stateFiles(dir).owner).mode & 0o077, 0);
    rmSync(stateFiles(dir).home, { recursive: true });
    assert.notDeepEqual(ownerCredentials(dir), credentials);
  });

  it("of an earlier version name no credentials: it takes any", () => {
    writeFileSync(stateFiles(dir).running, JSON.stringify({ pid: 1, port: 1, endpoint: "" }));
    assert.deepEqual(readRunning(dir)?.credentials, { accessKeyId: "test", secretAccessKey: "test" });
  });

  it("are removed by a reset, and nothing else is", async () => {
    writeFileSync(path.join(dir, "other"), "");
    writeFileAtomic(stateFiles(dir).port, "1");
    writeFileSync(stateFiles(dir).log, "");
    writeFileSync(stateFiles(dir).running, "{}");
    await resetLocalAws(dir);
    assert.deepEqual(readdirSync(dir), ["locks", "other"]);
  });
});
