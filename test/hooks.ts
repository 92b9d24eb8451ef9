import { stopTestAws } from "./engine/support/aws";

/** Runs in the process that starts the workers, which is why this module is loaded there: they inherit the folder of the run. */
export const mochaGlobalTeardown = stopTestAws;
