import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openStores } from "../../../../../local/aws/hosting/records/stores.ts";

describe("records of hosting", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "local-aws-records-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("that lack what the service needs of them are set aside and named, so that it starts", () => {
    const file = path.join(dir, "endpoints", "e.json");
    mkdirSync(path.dirname(file));
    writeFileSync(file, JSON.stringify({ format: 1, name: "e", region: "us-east-1", arn: "a" }));
    const told: string[] = [];
    assert.deepEqual(openStores(dir, (line) => told.push(line)).endpoints.all(), []);
    assert.ok(told[0]?.startsWith(`${file} is damaged`), told[0]);
    assert.ok(existsSync(`${file}.damaged`));
  });
});
