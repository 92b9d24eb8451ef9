import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { closedSources } from "../../../../../local/aws/clientVariables.ts";
import { ensureTrainingPython } from "../../../../../local/python/python.ts";
import { run } from "../../../../../local/run.ts";

const folder = path.resolve(__dirname, "../../../../../local/aws/training/process");
const LOOK = `
import json, os, sys
sys.path.insert(0, sys.argv[1])
import aws_toolkit
main = aws_toolkit.load()
loaded = [name for name in ("boto3", "botocore", "paramiko", "psutil", "torch") if name in sys.modules]

from sagemaker_training import environment, files, intermediate_output, mpi
region = lambda session: session.Session().region_name
regions = [region(environment.boto3.session)]
os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
regions.append(region(environment.boto3.session))
counts = [[environment.num_gpus(), environment.num_neurons("ml.g5.xlarge")] for _ in range(3)]
installed = [environment.validate_smddprun() for _ in range(2)]

import boto3, boto3.s3.transfer, paramiko, psutil
own_regions = [region(boto3.session)]
del os.environ["AWS_DEFAULT_REGION"]
own_regions.insert(0, region(boto3.session))
same = [
    files.boto3.resource is boto3.resource,
    intermediate_output.boto3.client is boto3.client,
    intermediate_output.s3transfer.S3Transfer is boto3.s3.transfer.S3Transfer,
    mpi.paramiko.SSHClient is paramiko.SSHClient,
    mpi.psutil.wait_procs is psutil.wait_procs,
]
print(json.dumps([main.__module__, loaded, regions, own_regions, counts, installed, same]))
`;

describe("AWS's training toolkit as a job here loads it", function () {
  this.timeout(60_000);
  const dir = mkdtempSync(path.join(tmpdir(), "toolkit-"));
  const asked = path.join(dir, "asked");
  let seen: unknown[];

  before(async () => {
    const python = await ensureTrainingPython(() => undefined);
    const nvidia = `#!/bin/sh\necho "$@" >> '${asked}'\necho 'GPU 0: one'\necho 'GPU 1: two'\n`;
    writeFileSync(path.join(dir, "nvidia-smi"), nvidia, { mode: 0o755 });
    const env = {
      ...closedSources,
      HOME: dir,
      PATH: `${dir}:/usr/bin:/bin`,
      SAGEMAKER_BASE_DIR: path.join(dir, "ml"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const done = await run(python, ["-c", LOOK, folder], { env });
    assert.equal(done.code, 0, done.output);
    seen = JSON.parse(done.stdout);
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("is AWS's own, without the clients that it rarely needs", () => {
    assert.deepEqual(seen.slice(0, 2), ["sagemaker_training.cli.train", []]);
  });

  it("finds the region that boto3 finds", () => {
    assert.deepEqual(seen[2], [null, "eu-west-1"]);
    assert.deepEqual(seen[3], seen[2]);
  });

  it("hears each time what the machine has, which is asked once", () => {
    assert.deepEqual(seen[4], [
      [2, 0],
      [2, 0],
      [2, 0],
    ]);
    assert.deepEqual(seen[5], [false, false]);
    assert.equal(readFileSync(asked, "utf8"), "--list-gpus\n");
  });

  it("has its clients where it uses them, and leaves them to everybody else", () => {
    assert.deepEqual(seen[6], [true, true, true, true, true]);
  });
});
