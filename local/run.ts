import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

export interface Finished {
  /** Exit code; -1 for a command that was ended by a signal. */
  code: number;
  signal: NodeJS.Signals | null;
  stdout: string;
  /** Standard output and standard error together, in the order they came. */
  output: string;
}

/** The commands that run now, for {@link endCommands}. */
const running = new Set<ChildProcess>();

/**
 * Runs a command to its end and collects what it prints. Rejects only when the command cannot be started.
 *
 * @param options `input` is what it reads; default nothing
 */
export function run(
  command: string,
  args: string[],
  { input, ...options }: SpawnOptions & { input?: string } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.once("error", () => undefined); // it may end without reading
    child.stdin?.end(input);
    running.add(child);
    let stdout = "";
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.once("error", (error) => {
      running.delete(child);
      reject(error);
    });
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? -1, signal, stdout, output });
    });
  });
}

/** Asks the commands that still run to end: for a process that ends itself before they have. */
export function endCommands(): void {
  for (const child of running) child.kill();
}

/** Like {@link run}, for a command that may be absent: undefined when it cannot be started or fails. */
export async function tryRun(
  command: string,
  args: string[],
  options: SpawnOptions = {},
): Promise<string | undefined> {
  try {
    const done = await run(command, args, options);
    return done.code === 0 ? done.stdout : undefined;
  } catch {
    return undefined;
  }
}

/** The last `count` lines that hold something, indented, for an error message. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(-count)
    .map((line) => `  ${line}`)
    .join("\n");
}
