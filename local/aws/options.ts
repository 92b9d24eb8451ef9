import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { SetupError } from "../setupError.ts";

/** How the local AWS runs. Flags name the places; environment variables tune the behaviour. */
export interface LocalAwsOptions {
  /** State directory: `aws.json`, `aws.log` and everything under `aws/`. */
  stateDir: string;
  /** TCP port on 127.0.0.1; 0 takes the port of the last run when it is free, else any. */
  port: number;
  /** Python of the training environment (both toolkits, boto3, usually torch). */
  trainingPython: string;
  /** Python of ministack's environment. */
  ministackPython: string;
  /** `LOCAL_AWS_AUTH=true`: ministack verifies signatures and enforces IAM. Default false. */
  auth: boolean;
  /**
   * `LOCAL_AWS_OPT_ML=true`: jobs find their base directory as /opt/ml, as on SageMaker, in a mount namespace.
   * Linux only; makes /opt/ml on this machine when it is missing. Default false.
   */
  optMl: boolean;
  /** `LOCAL_AWS_MAX_JOBS`: jobs that run at the same time, others wait as Pending. Default 2 x cores, at least 4. */
  maxJobs: number;
  /** `LOCAL_AWS_STOP_GRACE_SECONDS`: between SIGTERM and SIGKILL. Default 120, as on SageMaker. */
  stopGraceSeconds: number;
  /** `LOCAL_AWS_CHECKPOINT_SYNC_SECONDS`: between two uploads of changed checkpoints. Default 2. */
  checkpointSyncSeconds: number;
  /** `LOCAL_AWS_SPOT_PRICE_RATIO`: billable seconds of a spot job per training second. Default 0.3 (70 % saved). */
  spotPriceRatio: number;
  /** `LOCAL_AWS_PHASE_SECONDS`: pause before Downloading, for a display worth watching. Default 0. */
  phaseSeconds: number;
  /** `LOCAL_AWS_FAULTS`: the faults to begin with, JSON as for `POST /_local/faults`. */
  faults: string | undefined;
}

/** Reads flags and environment of `node local/aws/server.ts`. */
export function readOptions(argv: string[], env: NodeJS.ProcessEnv): LocalAwsOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      state: { type: "string" },
      port: { type: "string", default: "0" },
      "training-python": { type: "string" },
      "ministack-python": { type: "string" },
    },
  });
  return {
    stateDir: stateDirectory(required(values.state, "--state DIR")),
    port: wholeNumber(values.port, "--port"),
    trainingPython: required(values["training-python"], "--training-python PATH"),
    ministackPython: required(values["ministack-python"], "--ministack-python PATH"),
    auth: env.LOCAL_AWS_AUTH === "true",
    optMl: env.LOCAL_AWS_OPT_ML === "true",
    maxJobs: fromEnv(env, "LOCAL_AWS_MAX_JOBS", Math.max(4, 2 * availableParallelism())),
    stopGraceSeconds: fromEnv(env, "LOCAL_AWS_STOP_GRACE_SECONDS", 120),
    checkpointSyncSeconds: fromEnv(env, "LOCAL_AWS_CHECKPOINT_SYNC_SECONDS", 2),
    spotPriceRatio: fromEnv(env, "LOCAL_AWS_SPOT_PRICE_RATIO", 0.3),
    phaseSeconds: fromEnv(env, "LOCAL_AWS_PHASE_SECONDS", 0),
    faults: env.LOCAL_AWS_FAULTS || undefined,
  };
}

function required(value: string | undefined, flag: string): string {
  if (!value) throw new SetupError(`The local AWS needs ${flag}`);
  return value;
}

function stateDirectory(dir: string): string {
  const resolved = path.resolve(dir);
  if (resolved.includes(path.delimiter)) {
    throw new SetupError(
      `The state directory ${resolved} has a colon in its name, which separates the folders of PATH, where jobs find their Python: name another one in TRAINING_STATE_DIR.`,
    );
  }
  return resolved;
}

function wholeNumber(value: string, flag: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new SetupError(`${flag} must be a port from 0 to 65535, not "${value}"`);
  }
  return number;
}

function fromEnv(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name];
  if (!text) return fallback;
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) {
    throw new SetupError(`${name} must be a number from 0, not "${text}"`);
  }
  return number;
}
