import type { Engine, Severity } from "../../../components/trainingJob/engine/engine";

/** Remembers what the display would have shown. */
export class FakeEngine implements Engine {
  /** Texts on the resource's row, in order. */
  readonly rows: string[] = [];
  readonly entries: { urn: string | undefined; severity: Severity; message: string }[] = [];

  status(_urn: string | undefined, message: string): void {
    this.rows.push(message);
  }

  log(urn: string | undefined, severity: Severity, message: string): void {
    this.entries.push({ urn, severity, message });
  }

  async flush(): Promise<void> {}

  /** Messages of one severity, in order. */
  messages(severity: Severity = "info"): string[] {
    return this.entries.filter((entry) => entry.severity === severity).map(({ message }) => message);
  }

  /** Everything that was said anywhere, to look for what must not be in it. */
  everything(): string {
    return [...this.rows, ...this.entries.map(({ message }) => message)].join("\n");
  }
}
