import type { AwsClients, Credentials } from "../../clients.ts";
import type { FaultInjector } from "../../faults/faults.ts";
import type { LocalAwsOptions } from "../../options.ts";
import type { JobRecord } from "../../sagemaker/record.ts";
import type { JobStore } from "../../sagemaker/store.ts";
import type { InstanceMetrics } from "../observe/instanceMetrics.ts";
import type { Slots } from "./slots.ts";

/** What the runs of all jobs share. */
export interface RunContext {
  options: LocalAwsOptions;
  store: JobStore;
  faults: FaultInjector;
  /** Jobs that may run. */
  slots: Slots;
  instanceMetrics: InstanceMetrics;
  workDir: string;
  /** Where what could not be uploaded is kept. */
  keptDir: string;
  endpoint: () => string;
  /** Clients with the job's role, and the role's credentials for the container. */
  session: (record: JobRecord) => Promise<{ clients: AwsClients; credentials: Credentials }>;
  now: () => number;
  log: (line: string) => void;
}
