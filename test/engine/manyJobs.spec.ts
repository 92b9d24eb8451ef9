import { strict as assert } from "node:assert";
import { testAws } from "./support/aws";
import { TestStack } from "./support/stack";

/** Several jobs in one stack, as a sweep over a hyperparameter has them. */
const sweep = (jobs: number) => `
import { loadConfig } from "./components/config";
import { Experiment } from "./components/experiment";
import { TrainingJob } from "./components/trainingJob/trainingJob";

const config = loadConfig();
const { store, image, code, role, job } = new Experiment(config.experiment, config);
const others = Array.from({ length: ${jobs - 1} }, (_, index) =>
  new TrainingJob(\`\${config.experiment}-\${index}\`, {
    baseJobName: config.experiment,
    roleArn: role.arn,
    algorithmSpecification: { trainingImage: image.uri },
    sourceUri: code.uri,
    entryPoint: config.entryPoint,
    hyperparameters: { lr: index },
    outputDataConfig: { s3OutputPath: store.artifactsUri },
    resourceConfig: { instanceType: config.instanceType },
    maxRun: config.maxRun,
    spot: { maxWait: config.maxRun },
  }),
);
export const artifacts = [job, ...others].map((each) => each.modelArtifact);
`;

describe("many jobs in one stack", function () {
  this.timeout(900_000);
  let stack: TestStack;
  afterEach(async () => {
    await (await testAws()).faults({});
    await stack.dispose();
  });

  it("runs 40 jobs, each once, to 40 artifacts", async () => {
    stack = await TestStack.create("forty", { program: sweep(40) });
    const { code, output } = await stack.up("--parallel", "64");
    assert.equal(code, 0, output);
    const { artifacts } = await stack.outputs();
    assert.equal(new Set(artifacts as string[]).size, 40);
    assert.equal((await stack.jobs()).length, 40);
  });

  it("ends with 10 artifacts and no job twice while 30 % of all calls are answered with throttling or 503", async () => {
    stack = await TestStack.create("unruly", { program: sweep(10) });
    await (await testAws()).faults({
      seed: 1,
      api: [
        {
          probability: 0.3,
          errors: ["ThrottlingException", "ServiceUnavailable"],
          services: ["sagemaker", "s3", "logs", "iam", "sts", "ecr", "monitoring"],
        },
      ],
    });
    const { code, output } = await stack.up("--parallel", "32");
    await (await testAws()).faults({});
    assert.equal(code, 0, output);
    const { artifacts } = await stack.outputs();
    assert.equal(new Set(artifacts as string[]).size, 10);
    const jobs = await stack.jobs();
    assert.equal(jobs.length, 10);
    assert.ok(jobs.every((job) => job.TrainingJobStatus === "Completed"));
  });
});
