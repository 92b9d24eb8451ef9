import assert from "node:assert/strict";
import { Progress, type ProgressOptions } from "../../../../components/trainingJob/run/progress";
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
  it("shows phase, hardware, metrics and a note on the job's row", () => {
    const { engine, progress, print } = start({
      metricDefinitions: [
        { name: "loss", regex: "loss=([0-9.]+)" },
        { name: "accuracy", regex: "acc=([0-9.]+)" },
      ],
    });
    progress.attempt("ml.g5.xlarge spot, at most $1.41");
    progress.phase("Training");
    print("epoch 1 loss=0.91");
    print("epoch 2 loss=0.52 acc=0.88");
    progress.note("AWS cannot be reached: trying again");
    progress.phase("Uploading");

    assert.deepEqual(engine.rows, [
      "[Preparing] ml.g5.xlarge spot, at most $1.41",
      "[Training] ml.g5.xlarge spot, at most $1.41",
      "[Training] loss=0.91 ml.g5.xlarge spot, at most $1.41",
      "[Training] loss=0.52 accuracy=0.88 ml.g5.xlarge spot, at most $1.41",
      "[Training] loss=0.52 accuracy=0.88 AWS cannot be reached: trying again ml.g5.xlarge spot, at most $1.41",
      "[Uploading] loss=0.52 accuracy=0.88 ml.g5.xlarge spot, at most $1.41",
    ]);
  });

  it("shows what the training has cost so far, and rewrites no row for that alone", () => {
    let now = 0;
    const { engine, progress, print } = start({
      now: () => now,
      metricDefinitions: [{ name: "loss", regex: "loss=([0-9.]+)" }],
    });
    progress.attempt("ml.g5.xlarge spot, at most $1.41", 1.408);
    progress.phase("Starting");
    progress.phase("Training");
    now += 1_800_000;
    print("nothing new");
    print("loss=0.5");
    assert.deepEqual(engine.rows.slice(1), [
      "[Starting] ml.g5.xlarge spot, at most $1.41",
      "[Training] $0.00 so far, ml.g5.xlarge spot, at most $1.41",
      "[Training] loss=0.5 $0.70 so far, ml.g5.xlarge spot, at most $1.41",
    ]);
  });

  it("writes the row only when something on it changed", () => {
    const { engine, progress, print } = start({
      metricDefinitions: [{ name: "loss", regex: "loss=([0-9.]+)" }],
    });
    progress.phase("Training");
    progress.phase("Training");
    print("loss=0.5", "nothing new", "loss=0.5");
    print("loss=0.5");
    assert.deepEqual(engine.rows, ["[Training]", "[Training] loss=0.5"]);
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
    assert.equal(engine.rows.at(-1), "[Training] loss=0.5");
  });

  it("tells remarks and warnings apart", () => {
    const { engine, progress } = start();
    progress.info("a remark");
    progress.warn("a warning");
    assert.deepEqual(engine.messages("info"), ["a remark"]);
    assert.deepEqual(engine.messages("warning"), ["a warning"]);
  });
});
