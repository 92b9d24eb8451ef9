import assert from "node:assert/strict";
import { FILLED_EARLIER } from "../../../../components/trainingJob/args/defaults";
import { definitionOf, digestOf } from "../../../../components/trainingJob/identity/definition";
import { canonicalInputs } from "../../support/inputs";
import { type Inputs, VPC } from "../check/cases/builders";
import { data, IMAGE, isolated, lr, machine, PLAIN, SOURCE, SPOT } from "./cases/builders";
import { different } from "./cases/different";
import { equal } from "./cases/equal";

const digest = (changes: Inputs = {}): string => digestOf(canonicalInputs(changes));

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

describe("digestOf", () => {
  it("has tables that are long enough", () => assert.ok(equal.length >= 30 && different.length >= 30));

  for (const [title, one, other] of equal) {
    it(`is the same with and without: ${title}`, () => assert.equal(digest(one), digest(other)));
  }

  for (const [title, one, other] of different) {
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
