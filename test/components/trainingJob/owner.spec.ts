import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { TrainingJobOwner } from "../../../components/trainingJob/owner";
import { runProgram } from "../support/program";

describe("TrainingJobOwner", () => {
  for (const region of [undefined, "us-east-1"]) {
    it(`is made after what its jobs need, so that it is removed before, with the region ${region}`, async () => {
      const { resources } = await runProgram(() => {
        const role = new aws.iam.Role("needed", { assumeRolePolicy: "{}" });
        new aws.iam.Role("another", { assumeRolePolicy: "{}" });
        return new TrainingJobOwner("dense-owner", { region, needs: [role.arn] });
      });
      const owner = resources.find(({ name }) => name === "dense-owner");
      assert.deepEqual(owner?.dependencies, ["needed"]);
    });
  }
});
