import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { Terminal } from "@xterm/headless";

const IN_TERMINAL = path.join(__dirname, "in_terminal.py");
const ROWS = 40;

/** A command in a real terminal of its own, as whoever sits in front of it sees it. */
export class TerminalRun {
  readonly child: ChildProcess;
  /** The exit code. */
  readonly finished: Promise<number>;
  readonly #screen: Terminal;
  readonly #listeners = new Set<() => void>();

  constructor(columns: number, command: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    this.#screen = new Terminal({ cols: columns, rows: ROWS, scrollback: 1000, allowProposedApi: true });
    this.child = spawn("python3", [IN_TERMINAL, String(columns), String(ROWS), ...command], {
      ...options,
      env: { ...options.env, TERM: "xterm-256color" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let drawn = Promise.resolve();
    this.child.stdout?.on("data", (bytes: Buffer) => {
      drawn = drawn.then(() => new Promise((done) => this.#screen.write(bytes, done)));
      void drawn.then(() => {
        for (const listener of this.#listeners) listener();
      });
    });
    this.finished = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code) => void drawn.then(() => resolve(code ?? -1)));
    });
  }

  /** The lines of the screen and what was scrolled off it, each as wide as the window at most. */
  lines(): string[] {
    const { active } = this.#screen.buffer;
    return Array.from(
      { length: active.length },
      (_, at) => active.getLine(at)?.translateToString(true) ?? "",
    );
  }

  /** Resolves with the first line that matches, once there is one. */
  async until(pattern: RegExp): Promise<string> {
    const seen = () => this.lines().find((line) => pattern.test(line));
    const appears = new Promise<string>((resolve) => {
      const look = () => {
        const line = seen();
        if (line === undefined) return;
        this.#listeners.delete(look);
        resolve(line);
      };
      this.#listeners.add(look);
      look();
    });
    const ended = this.finished.then((code) => {
      const line = seen();
      if (line !== undefined) return line;
      throw new Error(`ended with ${code} without ${pattern}:\n${this.lines().join("\n")}`);
    });
    return Promise.race([appears, ended]);
  }

  /** Ends it where it still runs. */
  end(): void {
    this.child.kill("SIGKILL");
  }
}
