import assert from "node:assert/strict";
import { parseConfig } from "../../components/config";

const DATA = { train: "s3://data/train/", val: "s3://data/val/" };

/** What the refusal of a key says to run, without the stack. */
function commands(raw: Record<string, unknown>, secret: string[] = []): string[] {
  const lines = refusal(raw, secret).split("\n");
  return lines.flatMap((line) =>
    /^ +pulumi config .* --stack \S+/.test(line)
      ? line.replace(/ --stack \S+/, "").replace(/^ +pulumi config /, "")
      : [],
  );
}

function refusal(raw: Record<string, unknown>, secret: string[] = []): string {
  try {
    parseConfig({ ...DATA, ...raw }, secret);
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail("it should have been refused");
}

describe("a key that is none", () => {
  for (const [what, raw, expected] of [
    [
      "of a value of a map",
      { "hyperparameters.epochs": "2" },
      ["rm training:hyperparameters.epochs", "set --path training:hyperparameters.epochs 2"],
    ],
    [
      "of a value in a map of a map",
      { "hyperparameters.options.depth": "2" },
      ["rm training:hyperparameters.options.depth", "set --path training:hyperparameters.options.depth 2"],
    ],
    [
      "of another map",
      { "tags.team": "x-ray" },
      ["rm training:tags.team", "set --path training:tags.team x-ray"],
    ],
    [
      "that is a hyperparameter's name",
      { hyperparameters: { spt: 1 }, spt: "2" },
      ["rm training:spt", "set --path training:hyperparameters.spt 2"],
    ],
    [
      "that may be a hyperparameter's name",
      { epochs: "2" },
      ["rm training:epochs", "set --path training:hyperparameters.epochs 2"],
    ],
    [
      "that is misspelt",
      { instancetype: "ml.g5.2xlarge" },
      ["rm training:instancetype", "set training:instanceType ml.g5.2xlarge"],
    ],
    [
      "of an entry of a list",
      { "notify[0]": "me@example.org" },
      ["rm 'training:notify[0]'", "set --path 'training:notify[0]' me@example.org"],
    ],
    [
      "that is a list's, misspelt",
      { subnet: "subnet-1" },
      ["rm training:subnet", "set --path 'training:subnets[0]' subnet-1"],
    ],
    [
      "that is a list's, misspelt, as JSON",
      { Subnets: '["subnet-1"]' },
      ["rm training:Subnets", `set training:subnets '["subnet-1"]'`],
    ],
    [
      "that begins as a key does",
      { maxRuntime: "3600" },
      ["rm training:maxRuntime", "set training:maxRun 3600"],
    ],
    ["that a key begins with", { bucket: "mine" }, ["rm training:bucket", "set training:bucketName mine"]],
    ["that several keys begin with", { image: "mine" }, ["rm training:image"]],
    [
      "that is the AWS provider's",
      { region: "eu-west-1" },
      ["rm training:region", "set aws:region eu-west-1"],
    ],
    [
      "that begins as a short key does, but is an argument of the script",
      { train_epochs: "2" },
      ["rm training:train_epochs", "set --path training:hyperparameters.train_epochs 2"],
    ],
    ["that is a map's, misspelt", { hyperparameter: { a: 1 } }, ["rm training:hyperparameter"]],
    [
      "with a value that would be taken for an option",
      { "hyperparameters.shift": "-1" },
      ["rm training:hyperparameters.shift", "set --path -- training:hyperparameters.shift '-1'"],
    ],
    [
      "with a value that a shell would take apart",
      { "metrics.f1": "f1='([0-9]+)'" },
      ["rm training:metrics.f1", String.raw`set --path training:metrics.f1 'f1='\''([0-9]+)'\'''`],
    ],
  ] as [string, Record<string, unknown>, string[]][]) {
    it(`${what} is refused with the commands that take it out and set it right`, () => {
      assert.deepEqual(commands(raw), expected);
    });
  }

  it("is refused with all that may be meant, in whole sentences", () => {
    const told = refusal({ image: "mine", Spot: "false" });
    assert.match(
      told,
      /training:image: .*: did you mean training:imageRepository, training:imageTag or training:imageUri\? Take it out of /,
    );
    assert.match(told, /training:Spot: .*: did you mean training:spot\? Take it out of /);
  });

  it("is refused beside all others, and its value is not told where it is encrypted", () => {
    const raw = { "hyperparameters.token": "hunter2", maxRun: "soon", epochs: "3" };
    const told = refusal(raw, ["hyperparameters.token"]);
    assert.doesNotMatch(told, /hunter2/);
    for (const key of ["hyperparameters.token", "maxRun", "epochs"])
      assert.ok(told.includes(`  training:${key}: `), key);
    const [remove, set] = commands(raw, ["hyperparameters.token"]);
    assert.equal(remove, "rm training:hyperparameters.token");
    assert.equal(set, "set --path --secret training:hyperparameters.token VALUE");
  });
});
