import { TOOLKIT_LINE } from "./traceback";

/** Lines of the toolkits and of pip that say only that all is as it should be. */
const CHATTER = [
  / sagemaker[-_][\w.-]+ INFO /,
  /^Requirement already satisfied: /,
  /^Looking in (links|indexes): /,
];

/** The last line of torchrun's that says something new: below come its own traceback and a summary. */
const LAUNCHER_FAILED = /torch\/distributed\/elastic\/.* failed \(exitcode: -?\d+\)/;
/** `ExecuteUserScriptError:`, with what the command printed below it: the script's own lines once more. */
const COMMAND_FAILED = / ERROR +\w+:$/;

type Part = "environment" | "command" | "failure" | "launcher";

/** Tells a host's script from what the toolkit and torchrun say around it. */
export class Toolkit {
  #part: Part | undefined;

  /** Whether the host's next line is none of the script's, and nothing that a reader misses. */
  isNoise(line: string): boolean {
    if (line.startsWith("[local SageMaker]")) return false;
    if (TOOLKIT_LINE.test(line)) return this.#says(line);
    if (line.includes("Invoking script with the following command")) this.#part = "command";
    else if (this.#part === "command" && line.trim() !== "") {
      this.#part = undefined;
      return true;
    }
    const isNoise = this.#part !== undefined || line.trim() === "" || isChatter(line);
    if (LAUNCHER_FAILED.test(line) && this.#part === undefined) this.#part = "launcher";
    return isNoise;
  }

  /** A line with the toolkit's name on it, which begins the next part. */
  #says(line: string): boolean {
    this.#part = undefined;
    if (/ INFO +Invoking user script/.test(line)) this.#part = "environment";
    if (/ ERROR +(Reporting training FAILURE|Encountered exit_code)/.test(line)) return true;
    if (COMMAND_FAILED.test(line)) this.#part = "failure";
    return this.#part !== undefined || isChatter(line);
  }
}

const isChatter = (line: string): boolean => CHATTER.some((chatter) => chatter.test(line));
