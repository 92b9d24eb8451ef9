import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { dependencies } from "../../package.json";
import { TestStack } from "./support/stack";

const PROJECT = path.resolve(__dirname, "../..");
const PAGE = fs
  .readFileSync(path.join(PROJECT, "docs/training-job.md"), "utf8")
  .split("## In a project of your own")[1];
const [, TSCONFIG = ""] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
const [, FAST = ""] = /```yaml\n([\s\S]*?)```/.exec(PAGE) ?? [];
const [, LINE = ""] = /^npm install --save-exact (.*)$/m.exec(PAGE) ?? [];
const PACKAGES = LINE.split(" ").map((each) => /^(.+)@([\d.]+)$/.exec(each)?.slice(1) ?? []);

/** A TrainingJob alone, with a bucket and a role of the program's own. */
const program = (data: string) => `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TrainingJob } from "./components/trainingJob/trainingJob";

const bucket = new aws.s3.Bucket("own-project-mine", { forceDestroy: true });
const role = new aws.iam.Role("own-project-mine", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
  }),
});
const allowed = new aws.iam.RolePolicy("own-project-mine", {
  role: role.name,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:*", "logs:*", "ecr:*", "cloudwatch:PutMetricData"], Resource: "*" }],
  }),
});
const code = new aws.s3.BucketObjectv2("code", {
  bucket: bucket.bucket,
  key: "sourcedir.tar.gz",
  source: new pulumi.asset.FileAsset("sourcedir.tar.gz"),
});
const image = aws.sagemaker.getPrebuiltEcrImageOutput({ repositoryName: "pytorch-training", imageTag: "2.4.0-cpu-py311" });
const job = new TrainingJob("own-project", {
  roleArn: role.arn,
  algorithmSpecification: { trainingImage: image.registryPath },
  sourceUri: pulumi.interpolate\`s3://\${code.bucket}/\${code.key}\`,
  entryPoint: "train.py",
  hyperparameters: { seconds: 0 },
  inputDataConfig: [
    { channelName: "train", dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri: "${data}" } } },
  ],
  outputDataConfig: { s3OutputPath: pulumi.interpolate\`s3://\${bucket.bucket}/artifacts\` },
  resourceConfig: { instanceType: "ml.m5.large" },
  maxRun: "10m",
  deletePolicy: "delete",
}, { dependsOn: allowed });
export const { modelArtifact } = job;
`;

describe("TrainingJob in a project of one's own", function () {
  this.timeout(600_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("trains with what the page tells to copy, to install and to set", async () => {
    stack = await TestStack.create("own-project", {});
    const { config } = stack.settings() as { config: Record<string, string> };
    const aws = Object.entries(config).filter(([key]) => key.startsWith("aws:"));
    // Nothing of this repository but the folder, and no package but those that the page names.
    for (const each of fs.readdirSync(stack.dir)) {
      if (["components", "train", "backend"].includes(each)) continue;
      fs.rmSync(path.join(stack.dir, each), { recursive: true });
    }
    for (const [name, version] of PACKAGES) {
      assert.equal(version, (dependencies as Record<string, string>)[name], name);
      const link = path.join(stack.dir, "node_modules", name);
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(path.join(PROJECT, "node_modules", name), link);
    }
    stack.write("package.json", JSON.stringify({ name: "mine", main: "index.ts" }));
    stack.write("tsconfig.json", TSCONFIG);
    // The stack keeps its name, and with it its place in the backend.
    stack.write("Pulumi.yaml", "name: training\nruntime: nodejs\n");
    stack.write("Pulumi.test.yaml", JSON.stringify({ config: Object.fromEntries(aws) }));
    stack.write("index.ts", program(config["training:train"]));
    const { create } = await import("tar");
    await create(
      { gzip: true, cwd: path.join(stack.dir, "train"), file: path.join(stack.dir, "sourcedir.tar.gz") },
      ["train.py"],
    );

    const preview = await stack.run(["preview"]);
    assert.equal(preview.code, 0, preview.output);
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    assert.match(
      String((await stack.outputs()).modelArtifact),
      /^s3:\/\/own-project-mine-.*\/model\.tar\.gz$/,
    );

    stack.write("Pulumi.yaml", `name: training\n${FAST}`);
    fs.cpSync(path.join(PROJECT, "main.js"), path.join(stack.dir, "main.js"));
    fs.rmSync(path.join(stack.dir, "tsconfig.json"));
    await stack.ok(["preview", "--expect-no-changes"]);
    await stack.ok(["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(await stack.jobs(), []);
  });
});
