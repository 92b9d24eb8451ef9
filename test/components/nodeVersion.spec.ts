import { strict as assert } from "node:assert";
import { RunError } from "@pulumi/pulumi";
import { checkNodeVersion } from "../../components/nodeVersion";

describe("checkNodeVersion", () => {
  for (const version of [
    "18.20.8",
    "20.0.0",
    "20.20.2",
    "22.4.0",
    "22.16.0",
    "23.11.1",
    "24.0.0",
    "24.1.0",
  ]) {
    it(`refuses ${version} in one line that says what to do`, () => {
      assert.throws(
        () => checkNodeVersion(version),
        (error: Error) =>
          RunError.isInstance(error) &&
          error.message.startsWith(`Node ${version} cannot run this program`) &&
          /Install Node 24/.test(error.message) &&
          !error.message.includes("\n"),
      );
    });
  }

  for (const version of ["22.17.0", "22.22.1", "24.3.0", "24.21.0", "25.0.0", "26.1.0"]) {
    it(`takes ${version}`, () => checkNodeVersion(version));
  }

  it("takes the Node that this project brings", () => checkNodeVersion());
});
