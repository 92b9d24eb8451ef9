import assert from "node:assert/strict";
import { follow } from "../../../../components/trainingJob/run/follow";
import { awsError, expired, throttled } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { completes, fails, runs, type ScriptedLine } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

/** Follows a job that goes by that script; returns the world to look at. */
async function followed(
  script = completes(),
  prepare: (world: TrainingWorld) => void = () => {},
  changes: Record<string, unknown> = {},
): Promise<TrainingWorld> {
  const world = new TrainingWorld(changes);
  world.aws.existing("job", script);
  prepare(world);
  await follow("job", world.context());
  return world;
}

const everySecond = (from: number, to: number, stream?: string): ScriptedLine[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    at: from + index,
    message: `line ${from + index}`,
    stream,
  }));

const linesOf = (world: TrainingWorld) => world.engine.messages().filter((line) => line.includes("line "));
const expected = (from: number, to: number) => everySecond(from, to).map(({ message }) => message);

describe("follow", () => {
  it("returns the job as it ended", async () => {
    const world = new TrainingWorld();
    world.aws.existing("job", fails("AlgorithmError: no"));
    assert.equal((await follow("job", world.context())).FailureReason, "AlgorithmError: no");
  });

  it("shows each phase on the row, in order", async () => {
    const { engine } = await followed();
    assert.deepEqual(engine.rows, ["Starting", "Training", "Completed"]);
  });

  it("shows the log while the job runs, each line once and in order", async () => {
    let shownBefore: string[] = [];
    const world = await followed(completes({ log: everySecond(10, 59) }), (each) => {
      void each.clock.sleep(40_000).then(() => {
        shownBefore = linesOf(each);
      });
    });
    assert.deepEqual(linesOf(world), expected(10, 59));
    assert.ok(shownBefore.includes("line 37"), `after 40 s only: ${shownBefore.at(-1)}`);
  });

  it("reads the lines that arrive after the end", async () => {
    const world = await followed(completes({ log: [...everySecond(10, 60), ...everySecond(61, 63)] }));
    assert.deepEqual(linesOf(world), expected(10, 63));
  });

  it("is patient with lines that trickle in after the end", async () => {
    const trickle = Array.from({ length: 20 }, (_, index) => {
      return { at: 60 + 1.5 * index, message: `line ${60 + 1.5 * index}` };
    });
    const world = await followed(completes({ log: trickle }));
    const started = world.aws.jobs.get("job")?.createdAt ?? 0;
    const seenAt = ((world.aws.called("describe").at(-1)?.at ?? 0) - started) / 1000;
    const inTime = trickle.filter(({ at }) => at <= seenAt + 20).map(({ message }) => message);
    assert.deepEqual(linesOf(world), inTime);
  });

  it("does not wait for a log that never ends", async () => {
    const world = await followed(completes({ log: everySecond(10, 3600) }));
    const waited = (world.clock.now() - (world.aws.jobs.get("job")?.modifiedAt ?? 0)) / 1000;
    assert.ok(waited <= 30, `${waited} s after the end`);
  });

  it("reads the log of both lives of a spot job that was interrupted, and tells of the interruption", async () => {
    const world = await followed({
      steps: [
        { at: 0, status: "InProgress", secondary: "Training" },
        { at: 20, status: "InProgress", secondary: "Interrupted", message: "Spot capacity was reclaimed" },
        { at: 40, status: "InProgress", secondary: "Training" },
        { at: 90, status: "Completed", secondary: "Completed" },
      ],
      log: [...everySecond(1, 19), ...everySecond(45, 80, "algo-1-2000")],
    });
    assert.deepEqual(linesOf(world), [...expected(1, 19), ...expected(45, 80)]);
    assertSays(world.engine.messages().join("\n"), "job Interrupted: Spot capacity was reclaimed");
  });

  it("tells the hosts apart when there is more than one", async () => {
    const world = await followed(
      completes({ log: [...everySecond(10, 11), ...everySecond(12, 13, "algo-2-1001")] }),
      () => {},
      { resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 2 } },
    );
    assert.deepEqual(linesOf(world), [
      "[algo-1] line 10",
      "[algo-1] line 11",
      "[algo-2] line 12",
      "[algo-2] line 13",
    ]);
  });

  it("loses and repeats no line under throttling", async () => {
    const world = await followed(completes({ log: everySecond(10, 59) }), ({ aws, clock }) => {
      void (async () => {
        for (let round = 0; round < 10; round++) {
          await clock.sleep(5000);
          aws.fail("logEvents", throttled()).fail("logStreams", throttled());
        }
      })();
    });
    assert.deepEqual(linesOf(world), expected(10, 59));
  });

  it("goes on without the log when it may not be read, and says so once", async () => {
    const world = await followed(completes({ log: everySecond(10, 59) }), ({ aws }) => {
      aws.fail("logEvents", awsError("AccessDeniedException", "no logs for you"), 1000);
    });
    assert.deepEqual(linesOf(world), []);
    assert.deepEqual(world.engine.messages("warning"), [
      "The log of job cannot be read (no logs for you): the training goes on.",
    ]);
  });

  it("keeps reading the log after credentials that expired were renewed", async () => {
    const world = await followed(completes({ log: everySecond(10, 59) }), ({ aws, clock }) => {
      void clock.sleep(20_000).then(() => aws.fail("logEvents", expired(), 5));
    });
    assert.deepEqual(linesOf(world), expected(10, 59));
    assert.deepEqual(world.engine.messages("warning"), []);
  });

  it("shows on the row that AWS cannot be reached, until it can be", async () => {
    const { engine } = await followed(completes(), ({ aws, clock }) => {
      void clock.sleep(20_000).then(() => aws.fail("describe", throttled(), 2));
    });
    assert.deepEqual(engine.rows, [
      "Starting",
      "Training",
      "Training, AWS cannot be reached (ThrottlingException): trying again",
      "Completed",
    ]);
  });

  it("stops at once when it is cancelled", async () => {
    const world = new TrainingWorld();
    world.aws.existing("job", runs({ log: everySecond(10, 3600) }));
    const [error] = await Promise.all([failureOf(follow("job", world.context())), world.cancelAfter(30)]);
    const calls = world.aws.calls.length;

    assert.equal(error.name, "CancelledError");
    assert.equal(world.clock.now() - (world.aws.jobs.get("job")?.createdAt ?? 0), 30_000);

    await world.clock.sleep(60_000);
    assert.equal(world.aws.calls.length, calls);
  });

  it("reads the log less often the more jobs are followed", async () => {
    const reads = async (following: number) => {
      const world = new TrainingWorld();
      world.aws.existing("job", completes({ log: everySecond(1, 2) }, 600));
      await follow("job", { ...world.context(), following: () => following });
      return world.aws.called("logEvents").length;
    };
    assert.ok((await reads(100)) < (await reads(1)) / 5);
  });
});
