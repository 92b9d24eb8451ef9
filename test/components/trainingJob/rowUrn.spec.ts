import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { rowUrn } from "../../../components/trainingJob/rowUrn";
import { TrainingJob } from "../../../components/trainingJob/trainingJob";
import { runProgram } from "../support/program";

const JOB = TrainingJob.__pulumiType;
const PREFIX = "urn:pulumi:dev::training::";

const ARGS = {
  roleArn: "arn:aws:iam::111122223333:role/training",
  algorithmSpecification: { trainingImage: "image" },
  outputDataConfig: { s3OutputPath: "s3://bucket/artifacts" },
  resourceConfig: { instanceType: "ml.g5.xlarge" },
};

describe("rowUrn", () => {
  it("is the URN that the resource will have, whatever its parent", async () => {
    const { result } = await runProgram(() => {
      const parent = new pulumi.ComponentResource("training:index:Experiment", "exp");
      return [rowUrn("dense", JOB), rowUrn("dense", JOB, parent)];
    });
    assert.deepEqual(await Promise.all(result), [
      `${PREFIX}${JOB}::dense`,
      `${PREFIX}training:index:Experiment$${JOB}::dense`,
    ]);
  });

  it("is a plain promise, which can carry no dependency", async () => {
    const { result } = await runProgram(() => rowUrn("dense", JOB));
    assert.ok(result instanceof Promise && !pulumi.Output.isInstance(result));
    await result;
  });

  it("makes a job wait for what its arguments come from, and not for its siblings", async () => {
    const program = await runProgram(() => {
      const parent = new pulumi.ComponentResource("training:index:Experiment", "exp");
      const role = (name: string) => new aws.iam.Role(name, { assumeRolePolicy: "{}" }, { parent });
      role("before");
      const job = new TrainingJob("dense", { ...ARGS, roleArn: role("needed").arn }, { parent });
      role("after");
      return job;
    });
    const job = program.resources.find(({ name }) => name === "dense");
    // The owner's mark has no value here, and what has none is not sent.
    assert.deepEqual(job?.propertyDependencies, { roleArn: ["needed"] });
    assert.match(
      String(job?.inputs.logUrn),
      /^urn:pulumi:dev::training::training:index:Experiment\$.*::dense$/,
    );
  });
});
