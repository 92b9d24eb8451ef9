import assert from "node:assert/strict";
import { UNKNOWN } from "../../../components/trainingJob/args/unknown";
import { attemptName } from "../../../components/trainingJob/identity/name";
import { MARK_TAG, ownershipOf, ownerTags } from "../../../components/trainingJob/identity/owner";
import { next, type Past } from "../../../components/trainingJob/run/next";
import { run } from "../../../components/trainingJob/run/run";
import { compare } from "../../../components/trainingJob/state/compare";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { denied, expired } from "../support/awsErrors";
import { failureOf } from "../support/failure";
import { canonicalInputs, MARK } from "../support/inputs";
import { completes, fails, NO_CAPACITY, runs } from "../support/scripts";
import { TrainingWorld } from "../support/trainingWorld";

const say = (world: TrainingWorld) =>
  (["info", "warning", "error"] as const).flatMap((s) => world.engine.messages(s));
const state = (inputs: object, more = {}) =>
  ({
    ...inputs,
    status: "Completed",
    trainingJobName: "x",
    modelArtifact: "s3://b/m",
    attempts: [],
    ...more,
  }) as unknown as TrainingJobState;

/** Ways in which a job, a model or a secret was lost, each by its smallest input. */
describe("nothing is lost", () => {
  it("takes a running job of its own that the list does not tell of yet for its own", async () => {
    const w = new TrainingWorld();
    w.aws.existing(w.name, fails("AlgorithmError: x"), w.ownTags, 4000);
    w.aws.existing(`${w.name}-2`, completes({ unlisted: true }, 600), w.ownTags, 5);
    await w.run();
    assert.deepEqual(
      w.aws.requests.map((r) => r.TrainingJobName),
      [`${w.name}-2`],
    );
  });
  it("looks at the job that its state names, however many others have its experiment's name", async () => {
    const w = new TrainingWorld();
    for (let a = 1; a <= 21; a++)
      w.aws.existing(
        attemptName(w.name, a),
        fails("x"),
        { ...w.ownTags, [MARK_TAG]: "another-stack" },
        90000 - a,
      );
    w.aws.existing("oldname-1", completes({}, 600), w.ownTags, 5);
    await run({
      ...w.context(),
      stated: [
        { trainingJobName: "oldname-1", purchaseOption: "spot", status: "InProgress", secondaryStatus: "" },
      ],
    });
    assert.equal(w.aws.requests.length, 0);
  });
  it("finds its completed first attempt behind many attempts of others", async () => {
    const w = new TrainingWorld();
    w.aws.existing(w.name, completes(), w.ownTags, 99999);
    for (let a = 2; a <= 22; a++)
      w.aws.existing(
        attemptName(w.name, a),
        fails("x"),
        { ...w.ownTags, [MARK_TAG]: "another-stack" },
        90000 - a,
      );
    await w.run();
    assert.equal(w.aws.requests.length, 0);
  });
  it("shows no secret of a map that becomes unknown", () => {
    const olds = canonicalInputs({
      environment: { TOKEN: "hunter2hunter2" },
      secretInputs: [["environment", "TOKEN"]],
    });
    const news = { ...olds, environment: UNKNOWN } as never;
    const e = compare(state(olds), news).explanation;
    assert.doesNotMatch(String(e), /hunter2/);
  });
  it("shows no secret inside a hyperparameter", async () => {
    const w = new TrainingWorld({
      hyperparameters: { auth: { token: "new-secret-9" } },
      secretInputs: [["hyperparameters", "auth", "token"]],
    });
    const olds = canonicalInputs({
      hyperparameters: { auth: { token: "old-secret-1" } },
      secretInputs: [["hyperparameters", "auth", "token"]],
    });
    await w.provider().diff("x", state(olds), w.inputs);
    assert.doesNotMatch(say(w).join(), /old-secret-1|new-secret-9/);
  });
  it("shows no secret of any other input", async () => {
    const a = (t: string) =>
      canonicalInputs({
        algorithmSpecification: {
          trainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
          containerArguments: ["--token", t],
        },
        secretInputs: [["algorithmSpecification", "containerArguments", "1"]],
      });
    const e = compare(state(a("old-secret-1")), a("new-secret-9")).explanation;
    assert.doesNotMatch(String(e), /secret-/);
  });
  it("shows no sentinel for a region that is not known yet", () => {
    const i = canonicalInputs();
    const e = compare(state(i), { ...i, region: UNKNOWN } as never).explanation;
    assert.doesNotMatch(String(e), /04da6b54/);
  });
  it("follows a job that it created when the credentials expire before the first description", async () => {
    const w = new TrainingWorld();
    w.aws.plan(runs());
    w.aws.once("create", () => {
      w.aws.fail("describe", expired());
    });
    const p = w.provider();
    void w.cancelAfter(300);
    setTimeout(() => p.cancel(), 1500);
    const e = await p.create(w.inputs).then(
      () => undefined,
      (e) => e,
    );
    assert.ok(e?.properties?.trainingJobName);
  });
  it("stops retrying for capacity, and falls back, however long each attempt waited", () => {
    const H = 4_200_000;
    const history: Past[] = Array.from({ length: 30 }, (_, i) => ({
      attempt: i + 1,
      startedAt: i * H + 60_000,
      onDemand: false,
      status: "Failed",
      secondaryStatus: "Failed",
      reason: NO_CAPACITY,
      endedAt: (i + 1) * H,
      watched: true,
      usable: false,
    }));
    const step = next(history, { fallback: true, capacityRetries: 3 }, 30 * H + 1);
    assert.notEqual((step as { why?: string }).why, "retry");
  });
  it("ends a job of other inputs also when the training is completed already", async () => {
    const w = new TrainingWorld();
    w.aws.existing(w.name, completes(), w.ownTags, 3600);
    const left = w.aws.existing(
      "dense-bbbbbbbb",
      runs(),
      ownerTags(ownershipOf(w.inputs), "f".repeat(64), "c"),
      60,
    );
    await w.run();
    assert.ok(left.status !== "InProgress" || say(w).join().includes("dense-bbbbbbbb"));
  });
  it("says that it could not look for leftovers where ListTags is denied", async () => {
    const w = new TrainingWorld();
    const left = w.aws.existing(
      "dense-bbbbbbbb",
      runs(),
      ownerTags(ownershipOf(w.inputs), "f".repeat(64), "c"),
      60,
    );
    w.aws.fail("tags", denied("sagemaker:ListTags"));
    await w.run();
    assert.ok(left.status !== "InProgress" || say(w).join().includes("ListTags"));
  });
  it("knows every region that a job may have been started in", async () => {
    const w = new TrainingWorld();
    const { inputs } = await w.provider().owner.check({ region: "eu-west-1" }, {}); // environment: us-east-1
    const d = await w
      .provider()
      .owner.diff("m", { mark: "m", regions: ["eu-west-1"], region: "eu-west-1" }, inputs as never);
    const job = await w.provider().check({}, { ...w.inputs, region: undefined } as never);
    assert.ok((job.inputs as { region: string }).region === "eu-west-1" || d.changes);
  });
  it("records a fingerprint that is turned on later", () => {
    const i = canonicalInputs();
    const d = compare(state(i), { ...i, dataFingerprints: { train: "aaaa" } } as never);
    assert.ok(d.changes);
    assert.deepEqual(d.replaces, []);
  });
  it("ends the warm pool of a completed job under another mark", async () => {
    const w = new TrainingWorld({
      resourceConfig: { instanceType: "ml.g5.xlarge", keepAlivePeriodInSeconds: 3000 },
    });
    w.aws.existing(w.name, completes({ warmPool: "Available" }), w.claimedTags, 100);
    const olds = await w.stateOf();
    const news = { ...w.inputs, mark: "mark-of-a-new-owner", onCancel: "stop" } as never;
    const { outs } = await w.provider().update("x", olds, news);
    await w.provider().delete("x", outs as never);
    assert.equal(w.aws.called("setKeepAlive").length, 1);
  });
  it("leaves the model that the replacement took over, whatever the tags say yet", async () => {
    const w = new TrainingWorld({ deletePolicy: "delete" });
    w.aws.existing(w.name, completes(), w.claimedTags, 3600);
    const olds = await w.stateOf();
    w.aws.fail("tag", denied("sagemaker:AddTags"));
    await w.provider().create(w.inputs);
    await w.provider().delete("x", olds);
    assert.equal(w.aws.jobs.size, 1);
  });
  it("never asks for the same job again and again", async () => {
    const w = new TrainingWorld({ spot: { maxWait: "2h", fallback: "on-demand" } });
    w.aws.existing(`${w.name}-od`, fails("x"), w.ownTags, 9000);
    const job = w.aws.existing(
      "oldname-1",
      {
        steps: [
          { at: 0, status: "InProgress", secondary: "Starting" },
          { at: 30, status: "Stopped", secondary: "MaxWaitTimeExceeded" },
        ],
      },
      w.ownTags,
      5,
    );
    void job;
    let n = 0;
    const create = w.aws.create.bind(w.aws);
    w.aws.create = async (r) => {
      if (++n > 50) throw new Error("looped 50 times");
      return create(r);
    };
    await run({
      ...w.context(),
      stated: [
        { trainingJobName: "oldname-1", purchaseOption: "spot", status: "InProgress", secondaryStatus: "" },
      ],
    });
  });
  it("says what to allow when a job may not be stopped, and finds every pool", async () => {
    const w = new TrainingWorld();
    w.aws.existing("other", runs(), {}, 5);
    const s = { mark: MARK, regions: ["us-east-1"] };
    w.aws.once("tags", () => {
      w.aws.jobs.delete("other");
    });
    const e1 = await w
      .provider()
      .owner.delete("m", s as never)
      .catch((e) => e);
    const w2 = new TrainingWorld();
    w2.aws.existing("mine", runs(), w2.ownTags, 5);
    w2.aws.fail("stop", denied("sagemaker:StopTrainingJob"));
    const e2 = await w2
      .provider()
      .owner.delete("m", s as never)
      .catch((e) => e);
    const w3 = new TrainingWorld();
    for (let i = 0; i < 101; i++)
      w3.aws.existing(`pool-${i}`, completes({ warmPool: "Available" }), i === 100 ? w3.ownTags : {}, 500);
    await w3.provider().owner.delete("m", s as never);
    assert.equal(e1, undefined);
    assert.equal(w3.aws.called("setKeepAlive").length, 1);
    assert.match(e2.message, /grant.*StopTrainingJob|allow.*StopTrainingJob/);
  });
  it("starts no job in another account than its owner's", async () => {
    const w = new TrainingWorld({ account: "999999999999" });
    const error = await failureOf(w.provider().create(w.inputs));
    assert.match(
      error.message,
      /account 999999999999, and your credentials are those of account 111122223333/,
    );
    assert.deepEqual(w.aws.requests, []);
  });
  it("plans an owner whose profile is not known yet", async () => {
    const w = new TrainingWorld();
    await w.provider().owner.check({}, { awsConfig: { profile: UNKNOWN } as never });
    assert.deepEqual(w.regions, []);
  });
});
