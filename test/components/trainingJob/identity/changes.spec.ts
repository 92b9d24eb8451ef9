import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { UNKNOWN } from "../../../../components/trainingJob/args/unknown";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { definingChanges, describeChange } from "../../../../components/trainingJob/identity/changes";
import { apiShape, propertyOf, ROOT } from "../../../../components/trainingJob/model/apiModel";
import { canonicalInputs, programInputs } from "../../support/inputs";
import { s3Channel } from "../check/cases/builders";

type Inputs = Record<string, unknown>;

const told = (before: Inputs, after: Inputs, secrets: string[][] = []): string[] =>
  definingChanges(canonicalInputs(before), canonicalInputs(after)).map((change) =>
    describeChange(change, secrets),
  );

/** Inputs of a preview: a value that is not known yet is no fault. */
const preview = (changes: Inputs): CanonicalInputs => checkInputs(programInputs(changes)).inputs;

describe("definingChanges", () => {
  it("finds nothing in the same training", () => {
    assert.deepEqual(told({}, {}), []);
    assert.deepEqual(
      told({ tags: { a: "1" } }, { tags: { a: "2" }, maxRun: "2h", baseJobName: "other" }),
      [],
    );
  });

  it("names each change by its path, with old and new value", () => {
    assert.deepEqual(
      told(
        { hyperparameters: { lr: 0.001, epochs: 4 }, inputDataConfig: [s3Channel()] },
        {
          hyperparameters: { lr: 0.01, batch: 32 },
          inputDataConfig: [s3Channel({}, { s3Uri: "s3://data/other" })],
          resourceConfig: { instanceType: "ml.g5.2xlarge" },
        },
      ),
      [
        "hyperparameters.batch: unset -> 32",
        "hyperparameters.epochs: 4 -> unset",
        "hyperparameters.lr: 0.001 -> 0.01",
        "inputDataConfig[0].dataSource.s3DataSource.s3Uri: s3://data/train -> s3://data/other",
        "resourceConfig.instanceType: ml.g5.xlarge -> ml.g5.2xlarge",
      ],
    );
  });

  it("names what script mode makes of an input by the input", () => {
    const changes = { entryPoint: "other.py", distribution: "torchDistributed" };
    assert.deepEqual(told({}, changes), ["entryPoint: train.py -> other.py", "distribution: unset -> True"]);
    const sourceUri = "s3://bucket/code/ffff/sourcedir.tar.gz";
    for (const enableNetworkIsolation of [false, true]) {
      assert.deepEqual(told({ enableNetworkIsolation }, { enableNetworkIsolation, sourceUri }), [
        `sourceUri: ${programInputs().sourceUri} -> ${sourceUri}`,
      ]);
    }
    assert.deepEqual(told({}, { enableNetworkIsolation: true }), ["enableNetworkIsolation: unset -> true"]);
  });

  it("tells a map that comes or goes entry by entry, and an empty text from none", () => {
    assert.deepEqual(told({}, { environment: { A: "1", B: "" } }), [
      "environment.A: unset -> 1",
      'environment.B: unset -> ""',
    ]);
    assert.deepEqual(told({ environment: { A: "1" } }, {}), ["environment.A: 1 -> unset"]);
  });

  it("sees lists of other lengths as a whole, cut to a line", () => {
    const [change, ...others] = told(
      { inputDataConfig: [s3Channel()] },
      { inputDataConfig: [s3Channel(), s3Channel({ channelName: "val" })] },
    );
    assert.deepEqual(others, []);
    assert.match(change, /^inputDataConfig: \[.{79}… -> \[.{79}…$/);
  });

  it("takes any key that a map may have", () => {
    for (const key of ["constructor", "toString", "a..b", "."]) {
      assert.deepEqual(told({}, { hyperparameters: { epochs: 4, [key]: "x" } }), [
        `hyperparameters.${key}: unset -> x`,
      ]);
    }
  });

  it("compares data where both have a fingerprint of it", () => {
    const train = { train: "01" };
    assert.deepEqual(told({}, { dataFingerprints: train }), []);
    assert.deepEqual(told({ dataFingerprints: train }, {}), []);
    assert.deepEqual(told({ dataFingerprints: train }, { dataFingerprints: { val: "02" } }), []);
    assert.deepEqual(told({ dataFingerprints: { Train: "01" } }, { dataFingerprints: { Train: "02" } }), [
      "dataFingerprints.Train: 01 -> 02",
    ]);
  });
});

describe("describeChange", () => {
  it("puts quotes around a text that does not tell by itself where it ends", () => {
    const change = { path: "hyperparameters.a", before: "one, two -> three", after: " one\nline" };
    assert.equal(describeChange(change), String.raw`hyperparameters.a: "one, two -> three" -> " one\nline"`);
  });

  const token = (value: unknown) => ({ hyperparameters: { auth: value } });
  const SECRET_PATHS = [
    ["hyperparameters", "auth"],
    ["hyperparameters"],
    ["hyperparameters", "auth", "token"],
  ];
  for (const path of SECRET_PATHS) {
    it(`does not show what is secret at ${path.join(".")}`, () =>
      assert.deepEqual(told(token({ token: "hunter2" }), token({ token: "hunter3" }), [path]), [
        "hyperparameters.auth (secret)",
      ]));
  }

  it("does not show a secret in a map that is not known yet", () => {
    const changes = definingChanges(preview(token("hunter2")), preview({ hyperparameters: UNKNOWN }));
    const texts = changes.map((change) => describeChange(change, [["hyperparameters", "auth"]]));
    assert.ok(texts.length > 0 && !texts.join().includes("hunter2"), texts.join());
  });

  it("shows what only has a similar name", () =>
    assert.deepEqual(
      told({}, { hyperparameters: { epochs: 4, author: "x" } }, [["hyperparameters", "auth"]]),
      ["hyperparameters.author: unset -> x"],
    ));

  it("says what is not known yet, also inside of a value", () => {
    for (const value of [UNKNOWN, { a: UNKNOWN }, [UNKNOWN]]) {
      const [change] = definingChanges(preview(token(1)), preview(token(value))).map((each) =>
        describeChange(each),
      );
      assert.match(change, /^hyperparameters\.auth: 1 -> .*not known yet/);
      assert.ok(!change.includes(UNKNOWN));
    }
  });
});

describe("a preview in which an input is not known yet", () => {
  const members = Object.keys(apiShape(ROOT).members ?? {}).map(propertyOf);
  const own = [
    "runId",
    "adopt",
    "sourceUri",
    "entryPoint",
    "distribution",
    "onCancel",
    "deletePolicy",
    "mark",
  ];
  const others = [
    "region",
    "awsConfig",
    "sourceFiles",
    "sourceVersion",
    "dataFingerprints",
    "livePrices",
    "prices",
    "baseJobName",
  ];
  const short = [
    "maxRun",
    "maxPending",
    "warmPool",
    "spot",
    "metricDefinitions",
    "project",
    "stack",
    "logUrn",
  ];
  for (const name of [...members, ...own, ...others, ...short]) {
    it(`goes through with ${name}`, () => {
      const [known, unknown] = [preview({}), preview({ [name]: UNKNOWN })];
      for (const change of [...definingChanges(known, unknown), ...definingChanges(unknown, known)]) {
        assert.ok(!describeChange(change).includes(UNKNOWN));
      }
    });
  }

  it("may train again", () => {
    for (const name of ["roleArn", "resourceConfig", "hyperparameters", "inputDataConfig", "sourceUri"]) {
      assert.deepEqual(
        definingChanges(preview({}), preview({ [name]: UNKNOWN })).map(({ path }) => path.split(".")[0]),
        [name],
      );
    }
  });
});
