import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isObject, signatureKey, type Values } from "../../../../local/provider/values.ts";
import reported from "../fixtures/reported.json";
import { LocalProvider } from "../support/localProvider.ts";

/**
 * The outputs that the real provider 7.48 reported against the local AWS, resource by resource right after its creation,
 * with names of our own; `*` is a value that differs each time.
 */
const recorded: Record<string, { program: Values; outputs: Values }> = reported;

describe("the outputs of the stand-in", function () {
  this.timeout(60_000);
  let local: LocalProvider;
  let dir: string;
  before(async () => {
    local = await LocalProvider.start();
    dir = mkdtempSync(path.join(tmpdir(), "reported-"));
    writeFileSync(path.join(dir, "a.tar.gz"), "content");
  });
  after(async () => {
    await local.stop();
    rmSync(dir, { recursive: true });
  });

  for (const [token, { program, outputs }] of Object.entries(recorded)) {
    it(`of ${token} are those that the real provider reported`, async () => {
      const asset = { [signatureKey]: "c44067f5952c0a294b673a41bacd8c17", path: path.join(dir, "a.tar.gz") };
      const news = program.source ? { ...program, source: { ...asset, hash: "h" } } : program;
      const made = await local.create(token, "example", news);
      assert.deepEqual(withoutWhatDiffers(made.outputs, outputs), outputs);

      const read = await local.provider.read(token, "example", made.id, made.inputs, made.outputs);
      assert.deepEqual(read?.inputs, made.inputs);
      assert.deepEqual(withoutWhatDiffers(read?.outputs, outputs), outputs);
    });
  }
});

/** With `*` wherever the record has it and there is a value. */
function withoutWhatDiffers(value: unknown, record: unknown): unknown {
  if (record === "*") return value ? "*" : value;
  if (Array.isArray(value) && Array.isArray(record))
    return value.map((item, i) => withoutWhatDiffers(item, record[i]));
  if (!isObject(value) || !isObject(record)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutWhatDiffers(item, record[key])]);
  return Object.fromEntries(entries);
}
