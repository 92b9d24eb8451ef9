import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { TrainingJobOwner } from "../../../components/trainingJob/owner";
import { ownerAliases } from "../../../components/trainingJob/ownerAliases";
import { TrainingJob } from "../../../components/trainingJob/trainingJob";
import { runProgram } from "../support/program";

type Aliases = pulumi.CustomResourceOptions["aliases"];

const OWNER = TrainingJobOwner.__pulumiType;
const JOB = TrainingJob.__pulumiType;
const PREFIX = "urn:pulumi:dev::training::";

const ARGS = {
  roleArn: "arn:aws:iam::111122223333:role/training",
  algorithmSpecification: { trainingImage: "image" },
  outputDataConfig: { s3OutputPath: "s3://bucket/artifacts" },
  resourceConfig: { instanceType: "ml.g5.xlarge" },
};

/** The URNs under which the engine would look for the owner of a job with these aliases. */
async function lookedFor(aliases: (parent: pulumi.Resource) => Aliases): Promise<string[]> {
  const program = await runProgram(() => {
    const parent = new pulumi.ComponentResource("training:index:Old", "old");
    const job = new TrainingJob("dense", ARGS, { parent, aliases: aliases(parent) });
    const probe = new pulumi.ComponentResource(
      OWNER,
      "dense-owner",
      {},
      { aliases: ownerAliases(aliases(parent)) },
    );
    const urns = (probe as unknown as { __aliases: pulumi.Output<string>[] }).__aliases;
    return { job, urns: urns.map((each) => new Promise<string>((resolve) => each.apply(resolve))) };
  });
  assert.equal(program.resources.filter(({ type }) => type === JOB).length, 1);
  return Promise.all(program.result.urns);
}

describe("ownerAliases", () => {
  it("are none where the job has none", async () => {
    assert.equal(ownerAliases(undefined), undefined);
    assert.deepEqual(await lookedFor(() => []), []);
  });

  it("follow a name", async () =>
    assert.deepEqual(await lookedFor(() => [{ name: "one" }]), [`${PREFIX}${OWNER}::one-owner`]));

  it("follow a URN, with its parents, and with colons in the name", async () => {
    const urns = [`${PREFIX}a:b:C$${JOB}::one`, `${PREFIX}${JOB}::one::two`];
    assert.deepEqual(await lookedFor(() => urns), [
      `${PREFIX}a:b:C$${OWNER}::one-owner`,
      `${PREFIX}${OWNER}::one::two-owner`,
    ]);
  });

  it("follow a parent, by resource, by URN and to none", async () => {
    const urn = `${PREFIX}training:index:Old::old`;
    const expected = `${PREFIX}training:index:Old$${OWNER}::dense-owner`;
    assert.deepEqual(await lookedFor((parent) => [{ parent }, { parent: urn }, { parent: undefined }]), [
      expected,
      expected,
      `${PREFIX}${OWNER}::dense-owner`,
    ]);
  });

  it("follow another project and stack, and values that come later", async () => {
    const aliases = [
      pulumi.output({ name: pulumi.output("one"), project: "p", stack: "s" }),
      Promise.resolve({ name: "two" }),
    ];
    assert.deepEqual(await lookedFor(() => aliases as unknown as Aliases), [
      `urn:pulumi:s::p::${OWNER}::one-owner`,
      `${PREFIX}${OWNER}::two-owner`,
    ]);
  });

  it("keep the owner's type where the job had another", async () =>
    assert.deepEqual(await lookedFor(() => [{ type: "a:b:Job" }]), [`${PREFIX}${OWNER}::dense-owner`]));
});
