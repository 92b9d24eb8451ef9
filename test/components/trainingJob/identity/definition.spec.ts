import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { FILLED_EARLIER } from "../../../../components/trainingJob/args/defaults";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { definitionOf, digestOf } from "../../../../components/trainingJob/identity/definition";
import { inputsWith, SCRIPT, s3Channel } from "../check/cases/builders";

type Changes = Record<string, unknown>;

/** Canonical inputs, which check must have nothing against: a refused input proves nothing. */
function canonical(changes: Changes = {}): CanonicalInputs {
  const { inputs, failures } = checkInputs(inputsWith(changes));
  assert.deepEqual(failures, []);
  return inputs;
}

const digest = (changes: Changes = {}): string => digestOf(canonical(changes));

const IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
const algorithm = (more: Changes) => ({ algorithmSpecification: { trainingImage: IMAGE, ...more } });
const output = (s3OutputPath: string, more: Changes = {}) => ({
  outputDataConfig: { s3OutputPath, ...more },
});
const machine = (more: Changes) => ({ resourceConfig: { instanceType: "ml.c5.xlarge", ...more } });
const channel = (more: Changes = {}, source: Changes = {}) => ({
  inputDataConfig: [s3Channel(more, source)],
});
const piped = (more: Changes = {}) => ({ ...algorithm({ trainingInputMode: "Pipe" }), ...channel(more) });
const spot = (more: Changes = {}) => ({ spot: { maxWait: "2d", ...more } });
const hyper = (hyperparameters: Changes, more: Changes = SCRIPT) => ({ ...more, hyperparameters });

/** Two ways to write one training. */
const EQUAL: [what: string, one: Changes, other: Changes][] = [
  ["no environment, or an empty one", { environment: {} }, {}],
  ["no hyperparameters, or an empty map", { hyperparameters: {} }, {}],
  ["no metric definitions, or an empty list", algorithm({ metricDefinitions: [] }), algorithm({})],
  ["no tags, or an empty map", { tags: {} }, {}],
  ["network isolation off, said so", { enableNetworkIsolation: false }, {}],
  ["spot off, said so", { enableManagedSpotTraining: false }, {}],
  ["traffic encryption off, said so", { enableInterContainerTrafficEncryption: false }, {}],
  ["the input mode File, said so", algorithm({ trainingInputMode: "File" }), algorithm({})],
  ["a channel's fingerprint off, said so", channel({ fingerprint: false }), channel()],
  ["FullyReplicated data, said so", channel({}, { s3DataDistributionType: "FullyReplicated" }), channel()],
  ["uncompressed input, said so", channel({ compressionType: "None" }), channel()],
  ["no record wrapper, said so", channel({ recordWrapperType: "None" }), channel()],
  ["a channel's input mode File, which the job has", channel({ inputMode: "File" }), channel()],
  [
    "a channel's input mode Pipe, which the job has",
    { ...algorithm({ trainingInputMode: "Pipe" }), ...channel({ inputMode: "Pipe" }) },
    { ...algorithm({ trainingInputMode: "Pipe" }), ...channel() },
  ],
  [
    "a compressed artifact, said so",
    output("s3://artifacts/retina", { compressionType: "GZIP" }),
    output("s3://artifacts/retina"),
  ],
  [
    "an output path with a slash at its end",
    output("s3://artifacts/retina/"),
    output("s3://artifacts/retina"),
  ],
  [
    "an output path as an https URL",
    output("https://artifacts.s3.us-east-1.amazonaws.com/retina"),
    output("s3://artifacts/retina"),
  ],
  [
    "data as an https URL",
    channel({}, { s3Uri: "https://s3.us-east-1.amazonaws.com/data/train" }),
    channel({}, { s3Uri: "s3://data/train" }),
  ],
  ["one machine, said so", machine({ instanceCount: 1 }), machine({})],
  ["the volume that is filled in, said so", machine({ volumeSizeInGB: 30 }), machine({})],
  ["a day of training at most, said so", { maxRun: "1d" }, {}],
  ["any limit on its time", { maxRun: "2h" }, { maxRun: "3h" }],
  ["any limit on the wait for spot", spot(), spot({ maxWait: "3d" })],
  ["another reaction to no spot capacity", spot({ fallback: "on-demand", capacityRetries: 9 }), spot()],
  [
    "the checkpoints of spot where they go by themselves",
    {
      ...spot(),
      checkpointConfig: {
        localPath: "/opt/ml/checkpoints",
        s3Uri: "s3://artifacts/retina/{job}/checkpoints",
      },
    },
    spot(),
  ],
  [
    "the local path of checkpoints, said so",
    { checkpointConfig: { s3Uri: "s3://checkpoints/retina", localPath: "/opt/ml/checkpoints" } },
    { checkpointConfig: { s3Uri: "s3://checkpoints/retina/" } },
  ],
  ["a number or its text, which the script gets alike", hyper({ epochs: 4 }), hyper({ epochs: "4" })],
  ["a number or its text, without script mode", hyper({ epochs: 4 }, {}), hyper({ epochs: "4" }, {})],
  ["1e-3 or 0.001", hyper({ lr: 1e-3 }), hyper({ lr: 0.001 })],
  ["the keys of a map in any order", hyper({ a: 1, b: { c: 2, d: 3 } }), hyper({ b: { d: 3, c: 2 }, a: 1 })],
  ["tags", { tags: { team: "imaging" } }, {}],
  ["another name for new jobs", { baseJobName: "iris" }, {}],
  ["a metric", algorithm({ metricDefinitions: [{ name: "loss", regex: "loss=(.*)" }] }), algorithm({})],
  ["remote debugging, on or off", { remoteDebugConfig: { enableRemoteDebug: true } }, {}],
  ["a warm pool", machine({ keepAlivePeriodInSeconds: 600 }), machine({})],
  ["what cancel and destroy do", { onCancel: "stop", deletePolicy: "delete" }, {}],
  ["a job to adopt", { adopt: "retina-1" }, {}],
  ["the region, named in the configuration or by the environment", { region: "us-east-1" }, {}],
  ["project, stack and row of the display", { project: "p", stack: "s", logUrn: "urn", mark: "m" }, {}],
  ["the list of files, of one bundle", { ...SCRIPT, sourceFiles: { "train.py": "1" } }, SCRIPT],
  ["no distribution, said so", { ...SCRIPT, distribution: "none" }, SCRIPT],
  [
    "another word for torchrun",
    { ...SCRIPT, distribution: "pytorchddp" },
    { ...SCRIPT, distribution: "torchDistributed" },
  ],
];

/** Two trainings: one must never be taken for the other. */
const DIFFERENT: [what: string, one: Changes, other: Changes][] = [
  ["the run", { runId: "1" }, { runId: "2" }],
  ["a run, or none", { runId: "1" }, {}],
  ["the image", algorithm({}), algorithm({ trainingImage: `${IMAGE}-v2` })],
  ["the role", { roleArn: "arn:aws:iam::111122223333:role/other" }, {}],
  ["the source", SCRIPT, { ...SCRIPT, sourceUri: "s3://code/other/sourcedir.tar.gz" }],
  ["the entry point", SCRIPT, { ...SCRIPT, entryPoint: "other.py" }],
  ["the distribution", { ...SCRIPT, distribution: "torchDistributed" }, SCRIPT],
  ["a hyperparameter's value", hyper({ lr: 0.1 }), hyper({ lr: 0.2 })],
  ["a hyperparameter, or none", hyper({ lr: 0.1 }), hyper({})],
  ["a hyperparameter that is empty, or none", hyper({ note: "" }), hyper({})],
  ["true or the text true", hyper({ flag: true }), hyper({ flag: "true" })],
  ["a seed in its 17th digit", hyper({ seed: "10000000000000001" }), hyper({ seed: "10000000000000002" })],
  ["digits of a text", hyper({ version: "1.10" }), hyper({ version: "1.1" })],
  ["a nested hyperparameter", hyper({ a: { b: 1 } }), hyper({ a: { b: 2 } })],
  ["the order of a list", hyper({ layers: [1, 2] }), hyper({ layers: [2, 1] })],
  ["a variable", { environment: { A: "1" } }, { environment: { A: "2" } }],
  ["a variable that is empty, or none", { environment: { A: "" } }, {}],
  ["the machine", machine({}), machine({ instanceType: "ml.c5.2xlarge" })],
  ["the number of machines", machine({ instanceCount: 2 }), machine({})],
  ["the volume", machine({ volumeSizeInGB: 100 }), machine({})],
  ["the volume's key", machine({ volumeKmsKeyId: "alias/key" }), machine({})],
  ["data, or none", channel(), {}],
  ["the location of data", channel(), channel({}, { s3Uri: "s3://data/other" })],
  ["a prefix of data with a slash, or without", channel({}, { s3Uri: "s3://data/train/" }), channel()],
  ["the kind of data", channel({}, { s3DataType: "ManifestFile" }), channel()],
  ["the distribution of data", channel({}, { s3DataDistributionType: "ShardedByS3Key" }), channel()],
  ["the name of a channel", channel({ channelName: "val" }), channel()],
  ["the compression of data", piped({ compressionType: "Gzip" }), piped()],
  ["the content type", channel({ contentType: "text/csv" }), channel()],
  ["the record wrapper", piped({ recordWrapperType: "RecordIO" }), piped()],
  [
    "a channel's input mode File, where the job's is Pipe",
    { ...algorithm({ trainingInputMode: "Pipe" }), ...channel({ inputMode: "File" }) },
    { ...algorithm({ trainingInputMode: "Pipe" }), ...channel() },
  ],
  ["the job's input mode", algorithm({ trainingInputMode: "FastFile" }), algorithm({})],
  [
    "the order of channels",
    { inputDataConfig: [s3Channel(), s3Channel({ channelName: "val" })] },
    { inputDataConfig: [s3Channel({ channelName: "val" }), s3Channel()] },
  ],
  ["the output path", output("s3://artifacts/retina"), output("s3://artifacts/iris")],
  [
    "the output's key",
    output("s3://artifacts/retina", { kmsKeyId: "alias/key" }),
    output("s3://artifacts/retina"),
  ],
  [
    "the artifact's compression",
    output("s3://artifacts/retina", { compressionType: "NONE" }),
    output("s3://artifacts/retina"),
  ],
  ["spot, or on demand", spot(), {}],
  ["network isolation", { enableNetworkIsolation: true }, {}],
  ["traffic encryption", { enableInterContainerTrafficEncryption: true }, {}],
  ["checkpoints, or none", { checkpointConfig: { s3Uri: "s3://checkpoints/retina" } }, {}],
  [
    "the place of checkpoints",
    { checkpointConfig: { s3Uri: "s3://checkpoints/retina" } },
    { checkpointConfig: { s3Uri: "s3://checkpoints/iris" } },
  ],
  [
    "the VPC",
    { vpcConfig: { securityGroupIds: ["sg-0123456789abcdef0"], subnets: ["subnet-0123456789abcdef0"] } },
    {},
  ],
  [
    "the data's fingerprint",
    { dataFingerprints: { train: "1a2b" } },
    { dataFingerprints: { train: "3c4d" } },
  ],
];

describe("digestOf", () => {
  describe("is the same, whichever way one training is written:", () => {
    for (const [what, one, other] of EQUAL) it(what, () => assert.equal(digest(one), digest(other)));
  });

  describe("is another one for another training:", () => {
    for (const [what, one, other] of DIFFERENT) it(what, () => assert.notEqual(digest(one), digest(other)));
  });

  it("has no two trainings of the table for one", () => {
    const digests = [...new Set(DIFFERENT.flatMap(([, one, other]) => [digest(one), digest(other)]))];
    const texts = new Set(
      DIFFERENT.flatMap(([, one, other]) =>
        [one, other].map((each) => JSON.stringify(definitionOf(canonical(each)))),
      ),
    );
    assert.equal(digests.length, texts.size);
  });

  it("is the same for a default of an earlier release", () => {
    const path = "ResourceConfig.VolumeSizeInGB";
    const before = digest(machine({ volumeSizeInGB: 30 }));
    FILLED_EARLIER[path] = [20];
    try {
      assert.equal(digest(machine({ volumeSizeInGB: 20 })), before);
      assert.notEqual(digest(machine({ volumeSizeInGB: 21 })), before);
    } finally {
      delete FILLED_EARLIER[path];
    }
  });

  it("ignores what the state holds besides the inputs", () => {
    const state = { ...canonical(), trainingJobName: "retina-1", status: "Completed", metrics: { loss: 1 } };
    assert.deepEqual(definitionOf(state), definitionOf(canonical()));
  });

  // Written out: when one of these changes, every user of such a training is made to train, and pay, once more with the next release.
  const PINNED: [what: string, inputs: Changes, digest: string][] = [
    ["an image alone", {}, "bed9d84b1b0791599b89d43d3f2ad5fe64e9e86d6554f53554546ad3ff3c6bbb"],
    [
      "script mode",
      hyper({ epochs: 4, lr: 0.001 }),
      "dbaaacf51259317f8ba7c5f12d88a2472416f3bbd88aeb9047c0d95b24e027be",
    ],
    ["spot", { ...SCRIPT, ...spot() }, "f7fd8f1ffa000599b9a518a80460e6e93c9f8aefd9dd9812124e8f6460270741"],
    [
      "data in a channel",
      { ...channel(), dataFingerprints: { train: "1a2b" } },
      "b6561b303adb6004add815b064f86e7481b5371b47b5e56f908414ba2ede07cc",
    ],
    [
      "several machines",
      { ...machine({ instanceCount: 2 }), environment: { A: "1" }, runId: "2" },
      "fdacd20d8d92041934eec70eb4471a116ac4a39d805df6769a0d087aad50e81f",
    ],
  ];
  for (const [what, inputs, pinned] of PINNED) {
    it(`never changes: ${what}`, () => assert.equal(digest(inputs), pinned));
  }
});
