import assert from "node:assert/strict";
import { existsSync, rmdirSync } from "node:fs";
import { checkOptMl } from "../../../../local/aws/training/process/optMl.ts";
import { TestAws } from "./testAws.ts";

describe("jobs that find their files in /opt/ml", function () {
  this.timeout(120_000);
  const wasThere = existsSync("/opt/ml");
  let aws: TestAws | undefined;

  before(async function () {
    try {
      checkOptMl();
    } catch {
      this.skip(); // no Linux, no mount namespaces, or no right to make /opt/ml
    }
    aws = await TestAws.start({ LOCAL_AWS_OPT_ML: "true" });
  });
  after(async () => {
    await aws?.remove();
    if (!wasThere && existsSync("/opt/ml")) rmdirSync("/opt/ml");
  });

  it("run an entry point of their own, each with its own files", async () => {
    const local = aws as TestAws;
    const script = (name: string) =>
      `import pathlib; pathlib.Path('/opt/ml/model/${name}').write_text('x'); print(sorted(p.name for p in pathlib.Path('/opt/ml/model').iterdir()))`;
    const start = (name: string) =>
      local.createJob(name, "", {
        AlgorithmSpecification: {
          TrainingImage: "pytorch-training:2.4.0",
          TrainingInputMode: "File",
          ContainerEntrypoint: ["python", "-c"],
          ContainerArguments: [script(name)],
        },
      });
    await Promise.all([start("one"), start("two")]);
    for (const name of ["one", "two"]) {
      const job = await local.waitForEnd(name);
      assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
      assert.deepEqual(await local.logLines(name), [`['${name}']`]);
    }
  });
});
