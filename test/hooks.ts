import { stopTestAws } from "./engine/support/aws";

/** Nothing that a test run started outlives it. */
export const mochaGlobalTeardown = stopTestAws;
