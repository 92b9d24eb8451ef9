import type { CanonicalInputs } from "../args/args";
import type { CheckFailure } from "../args/failures";
import type { Engine } from "../engine/engine";
import { asWritten } from "./asWritten";

/** Makes what blanks out the secrets of a job's inputs in a text. */
type MakeRedactor = (inputs: CanonicalInputs) => (text: string) => string;

/** What a check warns of, told once for a deployment: the engine checks a resource again when it replaces it. */
export class Warnings {
  readonly #engine: Engine;
  readonly #redactor: MakeRedactor;
  readonly #told = new Set<string>();

  constructor(engine: Engine, redactor: MakeRedactor) {
    this.#engine = engine;
    this.#redactor = redactor;
  }

  async tell(inputs: CanonicalInputs, warnings: CheckFailure[]): Promise<void> {
    const { logUrn } = inputs;
    // What is wrong with a secret is said without it. Inputs that are refused may have anything for the list of secrets.
    const redact = Array.isArray(inputs.secretInputs) ? this.#redactor(inputs) : (text: string) => text;
    for (const { property, reason } of asWritten(inputs, warnings)) {
      const text = redact(`${property}: ${reason}${/[.?]$/.test(reason) ? "" : "."}`);
      if (this.#told.has(`${logUrn} ${text}`)) continue;
      this.#told.add(`${logUrn} ${text}`);
      this.#engine.log(logUrn, "warning", text);
    }
    await this.#engine.flush();
  }
}
