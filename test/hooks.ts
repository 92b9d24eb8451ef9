import { stopTestAws } from "./engine/support/aws";

/** Runs in the process that starts the workers, which is why this module is loaded there: they inherit the folder of the run. */
export const mochaGlobalTeardown = stopTestAws;

// Two workers and their local AWS share the machine: jobs that took every core would wait for each other.
process.env.OMP_NUM_THREADS ??= "1";
