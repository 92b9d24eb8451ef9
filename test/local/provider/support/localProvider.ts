import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureLocalAws, stopLocalAws } from "../../../../local/aws/client.ts";
import { connect } from "../../../../local/provider/aws.ts";
import { Provider, type State } from "../../../../local/provider/provider.ts";
import type { Values } from "../../../../local/provider/values.ts";
import { ensureMinistackPython } from "../../../../local/python/python.ts";

/** The stand-in in front of a local AWS of its own. */
export class LocalProvider {
  readonly provider: Provider;
  readonly #stateDir: string;

  private constructor(stateDir: string, endpoint: string) {
    this.#stateDir = stateDir;
    this.provider = new Provider((config, region) => connect(config, region, { AWS_ENDPOINT_URL: endpoint }));
    this.configure();
  }

  static async start(): Promise<LocalProvider> {
    const stateDir = mkdtempSync(path.join(tmpdir(), "provider-test-"));
    const ministackPython = await ensureMinistackPython(() => undefined);
    // No job gets as far as running Python: one environment does for both.
    const pythons = { ministackPython, trainingPython: ministackPython };
    const { endpoint } = await ensureLocalAws({ stateDir, ...pythons, report: () => undefined });
    return new LocalProvider(stateDir, endpoint);
  }

  configure(more: Values = {}): void {
    this.provider.configure({ region: "us-east-1", accessKey: "test", secretKey: "test", ...more });
  }

  check(token: string, name: string, news: Values, olds: Values = {}): Values {
    const { inputs, failures } = this.provider.check(token, { name, news, olds });
    assert.deepEqual(failures, []);
    return inputs;
  }

  create(token: string, name: string, news: Values): Promise<State> {
    return this.provider.create(token, name, this.check(token, name, news));
  }

  async stop(): Promise<void> {
    await stopLocalAws(this.#stateDir);
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}
