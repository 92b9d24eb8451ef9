import assert from "node:assert/strict";
import { FILLED_EARLIER } from "../../../../components/trainingJob/args/defaults";
import { definitionOf, digestOf } from "../../../../components/trainingJob/identity/definition";
import { canonicalInputs } from "../../support/inputs";
import { PLAN, RULE, s3Channel, VPC } from "../check/cases/builders";

type Inputs = Record<string, unknown>;
type Pair = [title: string, one: Inputs, other?: Inputs];

const digest = (changes: Inputs = {}): string => digestOf(canonicalInputs(changes));

const IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
const OTHER_IMAGE = IMAGE.replace("2.4.0", "2.5.1");
const MACHINE = { instanceType: "ml.g5.xlarge" };
const OUTPUT = { s3OutputPath: "s3://bucket/artifacts" };
const SOURCE = "s3://bucket/code/0123456789abcdef/sourcedir.tar.gz";
const PLAIN = { sourceUri: undefined, entryPoint: undefined };
const SPOT = { spot: { maxWait: "2h" } };
const data = (changes: Inputs = {}, source: Inputs = {}) => ({
  inputDataConfig: [s3Channel(changes, source)],
});
const image = (changes: Inputs) => ({ algorithmSpecification: { trainingImage: IMAGE, ...changes } });
const machine = (changes: Inputs) => ({ resourceConfig: { ...MACHINE, ...changes } });
const output = (changes: Inputs) => ({ outputDataConfig: { ...OUTPUT, ...changes } });
const lr = (value: unknown) => ({ hyperparameters: { lr: value } });
const isolated = { enableNetworkIsolation: true };

const EQUAL: Pair[] = [
  ["no network isolation, said so", { enableNetworkIsolation: false }],
  ["no spot, said so", { enableManagedSpotTraining: false }],
  ["no encrypted traffic, said so", { enableInterContainerTrafficEncryption: false }],
  ["no session tags, said so", { sessionChainingConfig: { enableSessionTagChaining: false } }],
  ["AWS's input mode", image({ trainingInputMode: "File" })],
  ["AWS's place of the image", image({ trainingImageConfig: { trainingRepositoryAccessMode: "Platform" } })],
  ["AWS's compression of the output", output({ compressionType: "GZIP" })],
  ["no compression of a channel, said so", data({ compressionType: "None" }), data()],
  ["no record wrapper, said so", data({ recordWrapperType: "None" }), data()],
  ["AWS's distribution of the data", data({}, { s3DataDistributionType: "FullyReplicated" }), data()],
  ["a channel without fingerprint, said so", data({ fingerprint: false }), data()],
  ["a channel with the job's input mode", data({ inputMode: "File" }), data()],
  [
    "a channel with the job's other input mode",
    { ...image({ trainingInputMode: "Pipe" }), ...data({ inputMode: "Pipe" }) },
    { ...image({ trainingInputMode: "Pipe" }), ...data() },
  ],
  ["our volume", machine({ volumeSizeInGB: 30 })],
  ["one machine, said so", machine({ instanceCount: 1 })],
  ["a script started once, said so", { distribution: "none" }],
  ["the other word for torchrun", { distribution: "pytorchddp" }, { distribution: "torchDistributed" }],
  ["an empty environment", { environment: {} }],
  ["no metric definitions", { metricDefinitions: [] }],
  ["an empty run", { runId: "" }],
  ["no fingerprints", { dataFingerprints: {} }],
  [
    "hyperparameters in another order",
    { hyperparameters: { a: 1, b: 2 } },
    { hyperparameters: { b: 2, a: 1 } },
  ],
  ["an object in another order", lr({ a: 1, b: { c: 2, d: 3 } }), lr({ b: { d: 3, c: 2 }, a: 1 })],
  [
    "an object in another order, without a script",
    { ...PLAIN, ...lr({ a: 1, b: 2 }) },
    { ...PLAIN, ...lr({ b: 2, a: 1 }) },
  ],
  [
    "the environment in another order",
    { environment: { A: "1", B: "2" } },
    { environment: { B: "2", A: "1" } },
  ],
  [
    "subnets in another order",
    { vpcConfig: { ...VPC, subnets: ["subnet-0a", "subnet-0b"] } },
    { vpcConfig: { ...VPC, subnets: ["subnet-0b", "subnet-0a"] } },
  ],
  ["an output path with a last slash", output({ s3OutputPath: "s3://bucket/artifacts/" })],
  ["the output as https", output({ s3OutputPath: "https://s3.us-east-1.amazonaws.com/bucket/artifacts" })],
  [
    "a channel as https",
    data({}, { s3Uri: "https://s3.us-east-1.amazonaws.com/data/train" }),
    data({}, { s3Uri: "s3://data/train" }),
  ],
  [
    "a checkpoint as https, with a last slash",
    { checkpointConfig: { s3Uri: "https://bucket.s3.us-east-1.amazonaws.com/c/" } },
    { checkpointConfig: { s3Uri: "s3://bucket/c" } },
  ],
  ["a number as text", lr("0.001"), lr(0.001)],
  ["an integer as text", lr("4"), lr(4)],
  ["an integer as text, without a script", { ...PLAIN, ...lr("4") }, { ...PLAIN, ...lr(4) }],
  ["a boolean as Python's text", lr("True"), lr(true)],
  ["nothing as Python's text", lr("None"), lr(null)],
  ["all digits as text", lr("9007199254740993"), lr({ $numberLong: "9007199254740993" })],
  ["the log level", { hyperparameters: { epochs: 4, sagemaker_container_log_level: 10 } }],
  ["metrics", { metricDefinitions: [{ name: "loss", regex: "loss=([0-9.]+)" }] }],
  ["metrics over time", image({ enableSageMakerMetricsTimeSeries: true })],
  ["the profiler", { profilerConfig: { s3OutputPath: "s3://bucket/profile" } }],
  ["the debugger", { debugHookConfig: { s3OutputPath: "s3://bucket/debug" } }],
  [
    "a debugger's rule",
    { debugHookConfig: { s3OutputPath: "s3://bucket/debug" }, debugRuleConfigurations: [RULE] },
  ],
  ["TensorBoard", { tensorBoardOutputConfig: { s3OutputPath: "s3://bucket/board" } }],
  ["the experiment", { experimentConfig: { experimentName: "e", trialName: "t" } }],
  ["retries", { retryStrategy: { maximumRetryAttempts: 2 } }],
  ["the check of the machines", { infraCheckConfig: { enableInfraCheck: true } }],
  ["remote debugging", { remoteDebugConfig: { enableRemoteDebug: true } }],
  ["how long it may run", { maxRun: "2h" }],
  ["how long it may wait", { spot: { maxWait: "3h" } }, SPOT],
  [
    "what follows without capacity",
    { spot: { maxWait: "2h", fallback: "on-demand", capacityRetries: 9 } },
    SPOT,
  ],
  ["a warm pool", { warmPool: { keepAlive: "30m" } }],
  ["tags", { tags: { team: "imaging" } }],
  ["the name", { baseJobName: "other" }],
  ["the region", { region: undefined }],
  ["the program around it", { project: "p", stack: "s", logUrn: "urn:pulumi:s::p::t::n", mark: "m" }],
  ["what cancel and destroy do", { onCancel: "stop", deletePolicy: "delete" }],
  ["live prices", { livePrices: true }],
  ["which inputs are secret", { secretInputs: [["hyperparameters", "epochs"]] }],
  ["the files of the source", { sourceFiles: { "train.py": "1" } }],
  ["a job to take over", { adopt: "dense-1" }],
  [
    "the default checkpoint of spot, written out",
    { ...SPOT, checkpointConfig: { s3Uri: `${OUTPUT.s3OutputPath}/{job}/checkpoints` } },
    SPOT,
  ],
  [
    "AWS's local path of checkpoints",
    { checkpointConfig: { s3Uri: "s3://bucket/c", localPath: "/opt/ml/checkpoints" } },
    { checkpointConfig: { s3Uri: "s3://bucket/c" } },
  ],
];

const DIFFERENT: Pair[] = [
  ["an image", image({ trainingImage: OTHER_IMAGE })],
  ["the input mode", image({ trainingInputMode: "Pipe" })],
  ["the role", { roleArn: "arn:aws:iam::111122223333:role/other" }],
  ["the source", { sourceUri: SOURCE.replace("0123", "ffff") }],
  ["the bucket of the source", { sourceUri: SOURCE.replace("bucket", "other") }],
  ["the script", { entryPoint: "other.py" }],
  ["torchrun", { distribution: "torchDistributed" }],
  ["a hyperparameter", { hyperparameters: { epochs: 5 } }],
  ["an empty hyperparameter", { hyperparameters: { epochs: 4, note: "" } }],
  ["an empty object", { hyperparameters: { epochs: 4, note: {} } }],
  ["no hyperparameter of that name", { hyperparameters: { constructor: "x" } }, { hyperparameters: {} }],
  ["the last of 16 digits", lr({ $numberLong: "9007199254740993" }), lr(9007199254740992)],
  [
    "the last of 17 digits",
    lr({ $numberLong: "12345678901234567" }),
    lr({ $numberLong: "12345678901234568" }),
  ],
  ["another text for a number", lr("1e-3"), lr(0.001)],
  ["true and JSON's text for it", lr("true"), lr(true)],
  ["an object and the text that looks like it", lr('{"a": 1}'), lr({ a: 1 })],
  ["a list and the text that looks like it", lr('["a"]'), lr(["a"])],
  ["the order of a list", lr([1, 2]), lr([2, 1])],
  [
    "a parameter of the algorithm that script mode would set",
    { ...PLAIN, hyperparameters: { sagemaker_region: "a" } },
    { ...PLAIN, hyperparameters: { sagemaker_region: "b" } },
  ],
  ["a variable", { environment: { A: "1" } }],
  ["an empty variable", { environment: { A: "" } }],
  ["a run", { runId: "2" }],
  ["a fingerprint", { dataFingerprints: { train: "01" } }, { dataFingerprints: { train: "02" } }],
  ["a channel", data()],
  ["a channel's name", data({ channelName: "val" }), data()],
  ["the bucket of a channel", data({}, { s3Uri: "s3://data2/train" }), data()],
  ["the last slash of a channel's prefix", data({}, { s3Uri: "s3://data/train/" }), data()],
  ["the kind of a channel", data({}, { s3DataType: "ManifestFile" }), data()],
  ["sharded data", data({}, { s3DataDistributionType: "ShardedByS3Key" }), data()],
  [
    "a channel's compression",
    { ...image({ trainingInputMode: "Pipe" }), ...data({ compressionType: "Gzip" }) },
    { ...image({ trainingInputMode: "Pipe" }), ...data() },
  ],
  ["a channel's content type", data({ contentType: "text/csv" }), data()],
  [
    "a channel's record wrapper",
    data({ recordWrapperType: "RecordIO", inputMode: "Pipe" }),
    data({ inputMode: "Pipe" }),
  ],
  ["a channel's shuffling", data({ shuffleConfig: { seed: 1 } }), data({ shuffleConfig: { seed: 2 } })],
  ["a channel's input mode", data({ inputMode: "FastFile" }), data()],
  [
    "AWS's input mode under a job's other one",
    { ...image({ trainingInputMode: "Pipe" }), ...data({ inputMode: "File" }) },
    { ...image({ trainingInputMode: "Pipe" }), ...data() },
  ],
  [
    "the order of channels",
    { inputDataConfig: [s3Channel(), s3Channel({ channelName: "val" })] },
    { inputDataConfig: [s3Channel({ channelName: "val" }), s3Channel()] },
  ],
  ["the output", output({ s3OutputPath: "s3://bucket/other" })],
  ["the output's compression", output({ compressionType: "NONE" })],
  ["the output's key", output({ kmsKeyId: "alias/one" })],
  ["network isolation", isolated],
  [
    "encrypted traffic",
    { enableInterContainerTrafficEncryption: true, ...machine({ instanceCount: 2 }) },
    machine({ instanceCount: 2 }),
  ],
  ["the machine", { resourceConfig: { instanceType: "ml.g5.2xlarge" } }],
  ["how many machines", machine({ instanceCount: 2 })],
  ["the volume", machine({ volumeSizeInGB: 50 })],
  [
    "the volume's key",
    { resourceConfig: { instanceType: "ml.c5.xlarge", volumeKmsKeyId: "alias/one" } },
    { resourceConfig: { instanceType: "ml.c5.xlarge" } },
  ],
  ["a training plan", machine({ trainingPlanArn: PLAN })],
  ["spot", SPOT],
  ["a VPC", { vpcConfig: VPC }],
  ["a subnet", { vpcConfig: { ...VPC, subnets: ["subnet-0b"] } }, { vpcConfig: VPC }],
  ["checkpoints", { checkpointConfig: { s3Uri: "s3://bucket/c" } }],
  [
    "checkpoints at spot's default place, without spot",
    { checkpointConfig: { s3Uri: `${OUTPUT.s3OutputPath}/{job}/checkpoints` } },
  ],
  ["checkpoints elsewhere, with spot", { ...SPOT, checkpointConfig: { s3Uri: "s3://bucket/c" } }, SPOT],
  [
    "the local path of checkpoints",
    { checkpointConfig: { s3Uri: "s3://bucket/c", localPath: "/tmp/c" } },
    { checkpointConfig: { s3Uri: "s3://bucket/c" } },
  ],
  ["the container's command", image({ containerEntrypoint: ["python"] })],
  [
    "the order of arguments",
    image({ containerArguments: ["a", "b"] }),
    image({ containerArguments: ["b", "a"] }),
  ],
  ["session tags", { sessionChainingConfig: { enableSessionTagChaining: true } }],
];

describe("digestOf", () => {
  it("has tables that are long enough", () => assert.ok(EQUAL.length >= 30 && DIFFERENT.length >= 30));

  for (const [title, one, other] of EQUAL) {
    it(`is the same with and without: ${title}`, () => assert.equal(digest(one), digest(other)));
  }

  for (const [title, one, other] of DIFFERENT) {
    it(`is another with: ${title}`, () => assert.notEqual(digest(one), digest(other)));
  }

  it("is the same when a filled-in default changes", () => {
    const path = "ResourceConfig.VolumeSizeInGB";
    try {
      FILLED_EARLIER[path] = [77];
      assert.equal(digest(machine({ volumeSizeInGB: 77 })), digest());
    } finally {
      delete FILLED_EARLIER[path];
    }
  });

  it("takes every key that a map may have", () => {
    for (const key of ["a..b", ".", "toString"])
      digest({ hyperparameters: { [key]: 1 }, dataFingerprints: { [key]: "1" } });
  });

  // A change of any of these trains every finished experiment of every user once more, and is paid for by them. Mend the code, not the literal.
  const PINNED: [title: string, changes: Inputs, digest: string][] = [
    ["a script", {}, "efbf0e9a30573df74cf0175ffb4b5ebe38633695523bb74d1bdd05767e2f8dd0"],
    [
      "no script",
      { ...PLAIN, hyperparameters: { k: 10, mode: "fast" } },
      "8faecbef3e5a0091c5e157fd51da3bd523a894de0e11a05c393f4654363efa41",
    ],
    [
      "spot and data",
      { ...SPOT, ...data({ shuffleConfig: { seed: 7 } }), dataFingerprints: { train: "0123" } },
      "ace6aef1cff9f3bcb1a3c42d7217a2c028d439f50a1f2c8bc6299a491f6d80e1",
    ],
    [
      "torchrun on two machines",
      { ...machine({ instanceCount: 2 }), distribution: "torchDistributed" },
      "2179197ea64f85c6d4647a9e5a0d5e7fd612c40be42ffc1601ce612cf5ca130c",
    ],
    [
      "all kinds of values",
      { ...lr([0.1, true, null, { a: "b" }]), environment: { A: "" }, vpcConfig: VPC, ...isolated },
      "0a202205572b8e4c6931f7b9a3d5c52d7c89d56e3199f028943c3e8e45621572",
    ],
  ];
  for (const [title, changes, pinned] of PINNED) {
    it(`never changes for ${title}`, () => assert.equal(digest(changes), pinned));
  }
});

describe("definitionOf", () => {
  it("holds the request without what does not define the training", () => {
    assert.deepEqual(definitionOf(canonicalInputs()), {
      AlgorithmSpecification: { TrainingImage: IMAGE },
      HyperParameters: {
        epochs: "4",
        sagemaker_program: "train.py",
        sagemaker_submit_directory: SOURCE,
      },
      OutputDataConfig: { S3OutputPath: "s3://bucket/artifacts" },
      ResourceConfig: { InstanceType: "ml.g5.xlarge" },
      RoleArn: "arn:aws:iam::111122223333:role/training",
    });
  });
});
