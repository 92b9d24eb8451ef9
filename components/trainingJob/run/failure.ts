/** What SageMaker's toolkit reports of a command that failed: the script, or pip with its requirements. */
export interface CommandFailure {
  /** `ExecuteUserScriptError`, `InstallRequirementsError` or an exception of the script's. */
  kind: string;
  /** Negative: the signal that killed it. */
  exitCode: number;
  /** The error itself, `ValueError: no such class: cat`. Empty where the toolkit found none in what was printed. */
  message: string;
}

const HEAD = /^AlgorithmError: (\w+):\s+ExitCode (-?\d+)\s+ErrorMessage "/;
/** From the end of the message on. SageMaker cuts the whole at 1024 characters, and may cut these. */
const REST = /"\s+(?:ExtraInfo "|Command ")|"?, exit code: \d+[^\n]*$/;
const ERROR = /^[A-Za-z_][\w.<>]*(Error|Exception|Exit|Group|Interrupt|Iteration|Warning)(:|$)/;
const NOT_THE_MESSAGE =
  /^[-+=^~| ]*$|^\+[-+]+|^Traceback \(most recent call last\)|torch\/distributed\/elastic\//;

/** Reads the FailureReason of a job whose toolkit wrote it. Undefined for any other reason. */
export function readFailure(reason: string | undefined | null): CommandFailure | undefined {
  const head = HEAD.exec(reason ?? "");
  if (!head) return undefined;
  const [all, kind, exitCode] = head;
  const message = (reason ?? "").slice(all.length).split(REST)[0];
  return { kind, exitCode: Number(exitCode), message: errorIn(message.split("\n")) };
}

/**
 * The last error of the lines, with its message. The toolkit collects what is printed from the first line on that names an exception, each
 * line once, without spaces and colons at its ends; torchrun adds its own report.
 */
function errorIn(lines: string[]): string {
  const plain = lines.map((line) => line.replace(/^\s*(\[rank\d+\]:)?[\s|]*/, "").trim());
  const launcher = plain.findIndex((line) => line.includes("torch/distributed/elastic/"));
  const told = (launcher > 0 ? plain.slice(0, launcher) : plain).filter(
    (line) => !NOT_THE_MESSAGE.test(line),
  );
  const last = told.findLastIndex((line) => ERROR.test(line));
  const [first = "", ...more] = told.slice(Math.max(0, last));
  const isNameAlone = ERROR.test(first) && !first.includes(":") && more.length > 0;
  return [isNameAlone ? `${first}: ${more.shift()}` : first, ...more].join(" ");
}

/** Whether the lines say it already, however they are cut. */
export function isTold(message: string, lines: string[]): boolean {
  const bare = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, "");
  return bare(lines.join("\n")).includes(bare(message));
}
