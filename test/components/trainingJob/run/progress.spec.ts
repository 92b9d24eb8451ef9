import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { UNKNOWN } from "../../../../components/trainingJob/args/unknown";
import { Progress, type ProgressOptions, progressOf } from "../../../../components/trainingJob/run/progress";
import { FakeClock } from "../../support/fakeClock";
import { FakeEngine } from "../../support/fakeEngine";

function start(more: Partial<ProgressOptions> = {}) {
  const engine = new FakeEngine();
  const progress = new Progress({
    engine,
    urn: "urn:job",
    metricDefinitions: [],
    hosts: 1,
    now: () => 0,
    ...more,
  });
  const print = (...messages: string[]) =>
    progress.lines(messages.map((message) => ({ host: "algo-1", message, timestamp: 0 })));
  return { engine, progress, print };
}

const TOOLKIT = "2026-01-01 00:00:00,000 sagemaker-training-toolkit INFO     ";

describe("Progress", () => {
  it("passes no control characters of a script on, neither to the row nor to the lines", () => {
    const engine = new FakeEngine();
    const inputs = {
      metricDefinitions: undefined,
      logUrn: "urn:job",
      algorithmSpecification: { metricDefinitions: [{ name: "f1", regex: "f1=(.*)" }] },
    };
    const progress = progressOf(inputs as unknown as CanonicalInputs, { engine, clock: new FakeClock() });
    progress.lines([
      { host: "algo-1", message: "\x1b[31mf1=\x1b[1m0.5\x1b[0m\x1b]0;title\x07\x1b[2J", timestamp: 0 },
    ]);
    assert.deepEqual(engine.messages(), ["f1=0.5"]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(engine.everything(), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    assert.match(engine.rows.at(-1) ?? "", /^f1=/);
  });

  it("begins with the metric that was defined last, then phase and note, then the rest", () => {
    const { engine, progress, print } = start({
      metricDefinitions: [
        { name: "loss", regex: "loss=([0-9.]+)" },
        { name: "f1", regex: "f1=([0-9.]+)" },
        { name: "accuracy", regex: "acc=([0-9.]+)" },
      ],
    });
    progress.attempt("ml.g5.xlarge spot, at most $1.41");
    progress.phase("Training");
    print("epoch 1 loss=0.9123456");
    print("epoch 2 loss=0.52 f1=0.5 acc=0.8800");
    progress.note("AWS cannot be reached: trying again");
    progress.phase("Uploading");

    assert.deepEqual(engine.rows, [
      "Preparing, ml.g5.xlarge spot, at most $1.41",
      "Training, ml.g5.xlarge spot, at most $1.41",
      "loss=0.9123, Training, ml.g5.xlarge spot, at most $1.41",
      "accuracy=0.88, Training, loss=0.52 f1=0.5, ml.g5.xlarge spot, at most $1.41",
      "accuracy=0.88, Training, AWS cannot be reached: trying again, loss=0.52 f1=0.5, ml.g5.xlarge spot, at most $1.41",
      "accuracy=0.88, Uploading, loss=0.52 f1=0.5, ml.g5.xlarge spot, at most $1.41",
    ]);
  });

  it("shows what the training has cost so far and how long it may still take", () => {
    let now = 0;
    const { engine, progress, print } = start({
      now: () => now,
      metricDefinitions: [{ name: "loss", regex: "loss=([0-9.]+)" }],
    });
    progress.attempt("ml.g5.xlarge spot, at most $1.41", { usdPerHour: 1.408, maxRunSeconds: 3600 });
    progress.phase("Starting");
    progress.phase("Training");
    now += 1_800_000;
    print("loss=0.5");
    progress.phase("Uploading");
    assert.deepEqual(engine.rows.slice(1), [
      "Starting, ml.g5.xlarge spot, at most $1.41",
      "Training, $0.00, 1h left, ml.g5.xlarge spot, at most $1.41",
      "loss=0.5, Training, $0.70, 30m left, ml.g5.xlarge spot, at most $1.41",
      "loss=0.5, Uploading, $0.70, ml.g5.xlarge spot, at most $1.41",
    ]);
  });

  it("moves the cost while nothing else is new, ever more rarely", () => {
    let now = 0;
    const { engine, progress, print } = start({ now: () => now });
    progress.attempt("", { usdPerHour: 1.408 });
    progress.phase("Training");
    const times: number[] = [];
    for (; now <= 7_200_000; now += 2_000) {
      const before = engine.rows.length;
      print("nothing new");
      if (engine.rows.length > before) times.push(now / 1000);
    }
    assert.deepEqual(times.slice(0, 3), [10, 20, 30]);
    const pauses = times.slice(1).map((time, index) => time - times[index]);
    assert.deepEqual(
      pauses,
      [...pauses].sort((a, b) => a - b),
    );
    assert.ok(times.length < 70, `${times.length} rows in two hours`);
  });

  it("writes no row again where nothing on it moves", () => {
    let now = 0;
    const { engine, progress, print } = start({
      now: () => now,
      metricDefinitions: [{ name: "loss", regex: "loss=([0-9.]+)" }],
    });
    progress.phase("Training");
    progress.phase("Training");
    print("loss=0.5", "nothing new", "loss=0.5");
    now += 3_600_000;
    print("loss=0.5");
    assert.deepEqual(engine.rows, ["Training", "loss=0.5, Training"]);
  });

  it("puts log lines on the job's own diagnostics, in order", () => {
    const { engine, print } = start();
    print("one", "two");
    assert.deepEqual(engine.entries, [
      { urn: "urn:job", severity: "info", message: "one" },
      { urn: "urn:job", severity: "info", message: "two" },
    ]);
  });

  it("names the container when there is more than one", () => {
    const { engine, progress } = start({ hosts: 2 });
    progress.lines([
      { host: "algo-1", message: "one", timestamp: 0 },
      { host: "algo-2", message: "two", timestamp: 0 },
    ]);
    assert.deepEqual(engine.messages(), ["[algo-1] one", "[algo-2] two"]);
  });

  it("names the container also of instance groups, and where one of several choices has more than one", () => {
    const group = (instanceGroupName: string) => ({
      instanceGroupName,
      instanceType: "ml.m5.large",
      instanceCount: 1,
    });
    const choice = (instanceCount: number) => ({ instanceType: "ml.m5.large", instanceCount });
    for (const [resourceConfig, shown] of [
      [{ instanceGroups: [group("a"), group("b")] }, "[algo-1] one"],
      [{ instancePreferences: [choice(1), choice(2)] }, "[algo-1] one"],
      [{ instancePreferences: [choice(1)] }, "one"],
      [{ instanceType: "ml.m5.large" }, "one"],
    ] as const) {
      const engine = new FakeEngine();
      const inputs = { resourceConfig } as unknown as CanonicalInputs;
      progressOf(inputs, { engine, clock: new FakeClock() }).lines([
        { host: "algo-1", message: "one", timestamp: 0 },
      ]);
      assert.deepEqual(engine.messages(), [shown]);
    }
  });

  it("keeps the toolkit's chatter and empty lines for --debug", () => {
    const { engine, print } = start();
    print(
      `${TOOLKIT}Imported framework sagemaker_pytorch_container.training`,
      "Requirement already satisfied: numpy==1.26.4 in /opt/conda/lib (from -r requirements.txt (line 3))",
      "",
      `${TOOLKIT}Invoking user script`,
      "Training Env:",
      '{ "hyperparameters": { "epochs": 4 } }',
      "SM_HP_EPOCHS=4",
      "Invoking script with the following command:",
      "",
      "/opt/conda/bin/python3.11 train.py --epochs 4",
      "epoch 1",
      `${TOOLKIT}Reporting training SUCCESS`,
    );
    assert.deepEqual(engine.messages("info"), ["epoch 1"]);
    assert.equal(engine.messages("debug").length, 11);
  });

  it("tells the preambles of two containers apart", () => {
    const { engine, progress } = start({ hosts: 2 });
    progress.lines([
      { host: "algo-1", message: `${TOOLKIT}Invoking user script`, timestamp: 0 },
      { host: "algo-1", message: "SM_HOSTS=2", timestamp: 0 },
      { host: "algo-2", message: "from the script of the other", timestamp: 0 },
    ]);
    assert.deepEqual(engine.messages("info"), ["[algo-2] from the script of the other"]);
  });

  it("leaves out a metric whose pattern only Java understands, and reads the spellings that are known", () => {
    const { engine, progress, print } = start({
      metricDefinitions: [
        { name: "odd", regex: "loss=\\h*([0-9.]+)" },
        { name: "loss", regex: "(?i)LOSS=([0-9.]++)" },
      ],
    });
    progress.phase("Training");
    print("loss=0.5");
    assert.equal(engine.rows.at(-1), "loss=0.5, Training");
  });

  it("tells remarks and warnings apart", () => {
    const { engine, progress } = start();
    progress.info("a remark");
    progress.warn("a warning");
    assert.deepEqual(engine.messages("info"), ["a remark"]);
    assert.deepEqual(engine.messages("warning"), ["a warning"]);
  });

  it("speaks at preview, too, where the metrics are not known yet", () => {
    for (const metricDefinitions of [UNKNOWN, [UNKNOWN], [{ name: "loss", regex: UNKNOWN }]]) {
      const engine = new FakeEngine();
      const inputs = { algorithmSpecification: { metricDefinitions } } as unknown as CanonicalInputs;
      progressOf(inputs, { engine, clock: { now: () => 0, sleep: async () => {} } }).info("a remark");
      assert.deepEqual(engine.messages("info"), ["a remark"]);
    }
  });
});
