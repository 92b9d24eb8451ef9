import { setTimeout as sleep } from "node:timers/promises";
import { findRunning } from "./aws/client.ts";
import { stateDir } from "./paths.ts";
import { isAlive, signalIfThere } from "./processes.ts";
import { type Holder, livingHolders } from "./pulumi.ts";
import { SetupError } from "./setupError.ts";

/** Who works on the local stack right now. */
export interface Inside {
  /** The deployments that hold the stack's lock. */
  deployments: Holder[];
  /** Names of the training jobs that have not ended. */
  jobs: string[];
}

export async function lookInside(): Promise<Inside> {
  const [deployments, found] = await Promise.all([livingHolders(), findRunning(stateDir)]);
  return { deployments, jobs: found?.health.jobs ?? [] };
}

/** What is inside, in words; undefined when nothing is. */
export function describe({ deployments, jobs }: Inside): string | undefined {
  const parts = deployments.map(
    ({ pid, hostname }) => `a deployment (pulumi, process ${pid} on ${hostname})`,
  );
  if (jobs.length > 0) parts.push(`training job${jobs.length > 1 ? "s" : ""} ${jobs.join(", ")}`);
  return parts.length > 0 ? parts.join(" and ") : undefined;
}

/** Milliseconds that a deployment has to end after ^C. */
const cancelMs = 60_000;

/** Ends deployments as ^C does, and waits for them. */
export async function endDeployments(deployments: Holder[]): Promise<void> {
  for (const { pid } of deployments) {
    signalIfThere(pid, "SIGINT");
    const deadline = Date.now() + cancelMs;
    while (isAlive(pid)) {
      if (Date.now() > deadline) {
        throw new SetupError(
          `The deployment (process ${pid}) did not end within ${cancelMs / 1000} s: wait and try again, or end it with kill -9 ${pid}.`,
        );
      }
      await sleep(50);
    }
  }
}
