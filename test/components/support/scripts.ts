/** How a job of the fake goes: what it is when, in seconds since its creation. */
export interface Script {
  steps: readonly Step[];
  failureReason?: string;
  trainingSeconds?: number;
  billableSeconds?: number;
  metrics?: Record<string, number>;
  /** False: it ends Completed and writes nothing. */
  artifact?: boolean;
  log?: ScriptedLine[];
  /** Seconds until CloudWatch has a line. Default: none. */
  logLate?: number;
  warmPool?: string;
  /** Seconds after the end at which the pool's status appears. */
  warmPoolAfter?: number;
  /** True: the list never tells of it, as if the service were slow to index it. */
  unlisted?: boolean;
}

export interface Step {
  at: number;
  status: string;
  secondary: string;
  message?: string;
}

export interface ScriptedLine {
  /** Seconds since the job's creation at which the line can be read. */
  at: number;
  message: string;
  /** Container and start time. Default: `algo-1-1000`. */
  stream?: string;
  /** Seconds until CloudWatch has it. Default: `logLate`. */
  late?: number;
}

const STARTING: readonly Step[] = [
  { at: 0, status: "InProgress", secondary: "Starting" },
  { at: 10, status: "InProgress", secondary: "Training" },
];

/** Runs until somebody stops it. */
export const runs = (more: Partial<Script> = {}): Script => ({ steps: STARTING, ...more });

/** Trains, uploads an artifact, and is completed after so many seconds. */
export const completes = (more: Partial<Script> = {}, after = 60): Script => ({
  steps: [...STARTING, { at: after, status: "Completed", secondary: "Completed" }],
  trainingSeconds: 50,
  billableSeconds: 50,
  ...more,
});

export const fails = (failureReason: string, more: Partial<Script> = {}): Script => ({
  steps: [...STARTING, { at: 30, status: "Failed", secondary: "Failed", message: failureReason }],
  failureReason,
  ...more,
});

/** Waits for spot capacity for longer than it may. */
export const outOfSpot = (more: Partial<Script> = {}): Script => ({
  steps: [
    { at: 0, status: "InProgress", secondary: "Starting", message: "Insufficient capacity" },
    { at: 120, status: "Stopped", secondary: "MaxWaitTimeExceeded", message: "No spot capacity" },
  ],
  ...more,
});

/** What SageMaker says when no machines of a kind are left. */
export const NO_CAPACITY = "CapacityError: Unable to provision requested ML compute capacity.";
