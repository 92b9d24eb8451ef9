import { howToAllow, readDenial } from "../aws/denied";
import type { TrainingJobFacts } from "../state/facts";

/** What to do about a job that ended without a model. `lines`: the last of its log. */
export function remedyOf(
  { status, secondaryStatus, failureReason }: TrainingJobFacts,
  lines: string[],
): string {
  const reason = failureReason ?? "";
  if (secondaryStatus === "MaxWaitTimeExceeded") {
    return "no spot capacity came in time: raise maxWait, choose another instance type, or set fallback to on-demand; then `pulumi up`.";
  }
  if (secondaryStatus === "MaxRuntimeExceeded") {
    return "raise maxRun, or train less; `pulumi up` then resumes from the last checkpoint where there is one.";
  }
  if (status === "Stopped")
    return "it was stopped from outside; `pulumi up` starts it again, from its last checkpoint.";
  if (isCapacityError(reason)) {
    return "no capacity: choose another instance type or region, or try later with `pulumi up`.";
  }
  const remedy = byReason(reason, lines);
  if (remedy) return remedy;
  if (/^ClientError/.test(reason)) return "mend the input that SageMaker names, then `pulumi up`.";
  if (/^InternalServerError/.test(reason)) return "the fault is SageMaker's: `pulumi up` tries again.";
  return `${ofScript([...reason.split("\n"), ...lines])}, then \`pulumi up\`: this job is in the state and will be replaced.`;
}

/** What the reason itself names, whoever's fault SageMaker calls it. */
function byReason(reason: string, lines: string[]): string | undefined {
  if (readDenial(reason).action) return `${howToAllow(reason, "the action")}, then \`pulumi up\`.`;
  if (/access ?denied|\b403\b.*forbidden/i.test(reason)) {
    return "see what the reason names, grant it to the execution role (S3 objects, their KMS key, the image), then `pulumi up`.";
  }
  if (/InstallRequirementsError/.test(reason)) {
    const missing = /No matching distribution found for ([^\n]+)/.exec(lines.join("\n"))?.[1];
    return missing
      ? `mend requirements.txt: pip found no ${missing} (its name, its version, or no network); then \`pulumi up\`.`
      : "mend requirements.txt: pip could not install it (versions, or no network); then `pulumi up`.";
  }
  if (OUT_OF_MEMORY.test(reason)) {
    return "most likely it ran out of memory: a smaller batch, fewer workers or a larger instance type, then `pulumi up`.";
  }
  if (/^ResourceLimitExceeded|service limit/i.test(reason)) {
    return "ask Service Quotas for more of what the reason names, or choose another instance type; then `pulumi up`.";
  }
  return undefined;
}

/** Exit code 137, or -9 in Python, is SIGKILL: on a training host that is nearly always the kernel, short of memory. */
const OUT_OF_MEMORY =
  /exit ?code:? ?(137|-9)\b|out ?of ?memory|more memory|cannot allocate memory|\bMemoryError\b|OOMKilled/i;

/** What argparse says, of the script's own parser too, and Python of a variable that SageMaker's toolkit sets. */
const HYPERPARAMETERS: [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /error: (?:.*: )?unrecognized arguments: ([^;]+)/i,
    ([, all]) => `the script takes no argument ${optionsIn(all)}: remove or rename that hyperparameter`,
  ],
  [
    /error: argument (--?[\w.-]+)[^:]*: ([^;]+)/i,
    ([, option, why]) => `correct the hyperparameter ${nameOf(option)} (${why.trim()})`,
  ],
  [
    /error: the following arguments are required: ([^;]+)/i,
    ([, all]) => `give the script what it requires: set the hyperparameter ${optionsIn(all)}`,
  ],
  [
    /^KeyError: ['"]SM_HP_(\w+)['"]/,
    ([, name]) => `set the hyperparameter ${name.toLowerCase()}, which the script reads`,
  ],
];

const DATA: [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /^KeyError: ['"]SM_CHANNEL_(\w+)['"]/,
    ([, name]) => `give the job a channel ${name.toLowerCase()}, which the script reads`,
  ],
  [
    /^\w*Error: .*\/input\/data\/(\w[\w.-]*)/,
    ([, channel]) => `see that the channel ${channel} has what the script reads`,
  ],
  [
    /^\w*Error: .*(\bchannel\b|cannot read the image|training images are too few|the classes of \w+ differ)/,
    () => "mend the data as the error says",
  ],
];

const CODE: [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /^ModuleNotFoundError: No module named '([\w.]+)'/,
    ([, name]) =>
      `add ${name.split(".")[0]} to requirements.txt beside the script (or, if it is your own module, its file to that folder)`,
  ],
  [
    /can't open file '[^']*\/code\/([^']+)': \[Errno 2\]/,
    ([, file]) => `correct the entry point: there is no ${file} in the source folder`,
  ],
];

/** The remedy for a failure of the script, by the last thing that it said of it. */
function ofScript(lines: string[]): string {
  const said = lines.map((line) => line.replace(/^(\[rank\d+\]:)?[\s|]*/, "").replace(/^ErrorMessage "/, ""));
  for (const line of said.toReversed()) {
    for (const [pattern, remedy] of [...HYPERPARAMETERS, ...DATA, ...CODE]) {
      const found = pattern.exec(line);
      if (found) return remedy(found);
    }
  }
  const place = placeIn(said);
  return place ? `mend ${place}` : "mend the training script";
}

/** The innermost line of the user's own code in the last traceback. */
function placeIn(lines: string[]): string | undefined {
  for (const line of lines.toReversed()) {
    const frame = /^File ".*\/code\/([^"]+)", line (\d+)/.exec(line);
    if (frame && !line.includes("site-packages")) return `${frame[1]}, line ${frame[2]}`;
  }
  return undefined;
}

/** `--lr` and `lr` of `--lr 0.1`. */
const nameOf = (option: string): string => option.replace(/^--?/, "");
const optionsIn = (text: string): string =>
  (text.match(/(?<=^|[\s,])--?[A-Za-z][\w.-]*/g) ?? [text]).map(nameOf).join(", ");

/** SageMaker reports capacity only in words; they have been the same for years. */
export const isCapacityError = (reason: string | undefined): boolean => /^CapacityError/i.test(reason ?? "");
