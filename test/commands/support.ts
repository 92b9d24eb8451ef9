import assert from "node:assert/strict";
import { SetupError } from "../../local/setupError.ts";

/** For `assert.rejects`: an error that a user is told in these words, without a trace. */
export const isSetupError = (pattern: RegExp) => (error: Error) => {
  assert.ok(error instanceof SetupError, error.stack);
  assert.match(error.message, pattern);
  return true;
};
