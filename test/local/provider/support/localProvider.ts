import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { ensureLocalAws, type LocalAws, stopLocalAws } from "../../../../local/aws/client.ts";
import { connect } from "../../../../local/provider/aws.ts";
import { Provider, type State } from "../../../../local/provider/provider.ts";
import type { Values } from "../../../../local/provider/values.ts";
import { ensureMinistackPython } from "../../../../local/python/python.ts";

/** The stand-in in front of a local AWS of its own. */
export class LocalProvider {
  readonly provider: Provider;
  /** For what no type of the provider does. */
  readonly s3: S3Client;
  readonly #stateDir: string;
  readonly #aws: LocalAws;

  private constructor(stateDir: string, aws: LocalAws) {
    this.#stateDir = stateDir;
    this.#aws = aws;
    const { endpoint, credentials } = aws;
    this.s3 = new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
    const env = { AWS_ENDPOINT_URL: aws.endpoint };
    this.provider = new Provider((config, region) => connect(config, region, env));
    this.configure();
  }

  static async start(): Promise<LocalProvider> {
    const stateDir = mkdtempSync(path.join(tmpdir(), "provider-test-"));
    const ministackPython = await ensureMinistackPython(() => undefined);
    // No job gets as far as running Python: one environment does for both.
    const pythons = { ministackPython, trainingPython: ministackPython };
    const aws = await ensureLocalAws({ stateDir, ...pythons, report: () => undefined });
    return new LocalProvider(stateDir, aws);
  }

  configure(more: Values = {}): void {
    const { accessKeyId: accessKey, secretAccessKey: secretKey } = this.#aws.credentials;
    this.provider.configure({ region: "us-east-1", accessKey, secretKey, ...more });
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
    this.s3.destroy();
    await stopLocalAws(this.#stateDir);
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}
