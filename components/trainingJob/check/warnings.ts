import type { CanonicalInputs } from "../args/args";
import type { CheckFailure } from "../args/failures";
import type { Engine } from "../engine/engine";
import { asWritten } from "./asWritten";

/** What a check warns of, told once for a deployment: the engine checks a resource again when it replaces it. */
export class Warnings {
  readonly #engine: Engine;
  readonly #told = new Set<string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async tell(inputs: CanonicalInputs, warnings: CheckFailure[]): Promise<void> {
    const { logUrn } = inputs;
    for (const { property, reason } of asWritten(inputs, warnings)) {
      const text = `${property}: ${reason}${/[.?]$/.test(reason) ? "" : "."}`;
      if (this.#told.has(`${logUrn} ${text}`)) continue;
      this.#told.add(`${logUrn} ${text}`);
      this.#engine.log(logUrn, "warning", text);
    }
    await this.#engine.flush();
  }
}
