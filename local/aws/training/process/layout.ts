import path from "node:path";
import type { TrainingJobRequest } from "../../sagemaker/record.ts";
import { containerBase } from "./optMl.ts";

/** The directories of one job on this machine. */
export class JobLayout {
  /** Removed when the job ends. */
  readonly dir: string;

  /** Whether the processes find their base directory as /opt/ml. */
  readonly optMl: boolean;

  constructor(workDir: string, jobName: string, optMl: boolean) {
    this.dir = path.join(workDir, jobName);
    this.optMl = optMl;
  }

  /** Stands for /opt/ml on a host. */
  base(host: string): string {
    return path.join(this.dir, host);
  }

  /** What the processes of a host see as their base directory. */
  seenBase(host: string): string {
    return this.optMl ? containerBase : this.base(host);
  }

  /** The job's own virtual environment on top of the shared one. */
  get environment(): string {
    return path.join(this.dir, "env");
  }

  /** The home directory of the job's processes. */
  get home(): string {
    return path.join(this.dir, "home");
  }

  get temporary(): string {
    return path.join(this.dir, "tmp");
  }
}

/** Puts a path below /opt/ml into a host's base directory; other text is returned as it is. */
export function localize(text: string, base: string): string {
  if (text === containerBase) return base;
  return text.startsWith(`${containerBase}/`) ? base + text.slice(containerBase.length) : text;
}

/** Where the job's checkpoints are: AWS's default, and no detours. */
export function checkpointPath({ CheckpointConfig: config }: TrainingJobRequest): string {
  return path.posix.normalize(config?.LocalPath ?? `${containerBase}/checkpoints`).replace(/\/$/, "");
}

/** Host names as SageMaker gives them: `algo-1`, `algo-2`, ... */
export const hostNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `algo-${index + 1}`);
