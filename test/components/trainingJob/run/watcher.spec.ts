import assert from "node:assert/strict";
import { CancelledError } from "../../../../components/trainingJob/run/errors";
import { JobGoneError, Watcher, type WatchOptions } from "../../../../components/trainingJob/run/watcher";
import { denied, expired, throttled } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { FakeAws } from "../../support/fakeAws";
import { FakeClock } from "../../support/fakeClock";
import { completes, fails, runs, type Script } from "../../support/scripts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

class World {
  readonly clock = new FakeClock();
  readonly aws = new FakeAws(this.clock);
  readonly watcher = new Watcher(this.aws, this.clock);
  readonly #operation = new AbortController();

  /** Starts so many jobs of a kind and watches them all; resolves with how many seconds after its end each was seen. */
  async endsSeenAfter(count: number, script: (index: number) => Script): Promise<number[]> {
    return Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const job = this.aws.existing(`job-${index}`, script(index));
        await this.watch(job.name);
        return (this.clock.now() - job.modifiedAt) / SECOND;
      }),
    );
  }

  watch(name: string, more: Partial<WatchOptions> = {}) {
    return this.watcher.watch(name, { signal: this.#operation.signal, ...more });
  }

  stop(): void {
    this.#operation.abort(new CancelledError());
  }

  /** The most calls in any minute of the run. */
  callsPerMinute(): number {
    const times = this.aws.calls.map(({ at }) => at);
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + MINUTE).length));
  }
}

describe("Watcher", () => {
  const { random } = Math;
  afterEach(() => {
    Math.random = random;
  });

  it("resolves with the description of a job that ended, whatever its end", async () => {
    const world = new World();
    for (const [name, script] of Object.entries({ a: completes(), b: fails("AlgorithmError: no") })) {
      world.aws.existing(name, script);
    }

    const [a, b] = await Promise.all([world.watch("a"), world.watch("b")]);

    assert.equal(a.TrainingJobStatus, "Completed");
    assert.equal(b.FailureReason, "AlgorithmError: no");
  });

  it("sees the end of a single job within 2 s", async () => {
    const world = new World();
    const [seconds] = await world.endsSeenAfter(1, () => ({
      steps: [
        { at: 0, status: "InProgress", secondary: "Starting" },
        { at: 7, status: "InProgress", secondary: "Training" },
        { at: 8, status: "Completed", secondary: "Completed" },
      ],
    }));
    assert.ok(seconds <= 2, `${seconds} s`);
  });

  for (const [jitter, value] of [
    ["shortest", 0],
    ["longest", 0.999],
  ] as const) {
    describe(`with 100 jobs and the ${jitter} pauses`, () => {
      beforeEach(() => {
        Math.random = () => value;
      });

      it("makes at most 40 calls a minute", async () => {
        const world = new World();
        const seen = world.endsSeenAfter(100, () => runs()).catch((error) => error);
        await world.clock.sleep(3 * MINUTE);
        world.stop();
        assert.ok((await seen) instanceof CancelledError);
        assert.ok(world.callsPerMinute() <= 40, `${world.callsPerMinute()} calls`);
        assert.ok(world.callsPerMinute() >= 10, `only ${world.callsPerMinute()} calls: is it watching?`);
      });

      it("makes no more when all of them change all the time", async () => {
        const world = new World();
        const restless = (index: number): Script => ({
          steps: Array.from({ length: 300 }, (_, at) => ({
            at,
            status: "InProgress",
            secondary: (at + index) % 2 ? "Training" : "Interrupted",
          })),
        });
        const seen = world.endsSeenAfter(100, restless).catch((error) => error);
        await world.clock.sleep(2 * MINUTE);
        world.stop();
        await seen;
        assert.ok(world.callsPerMinute() <= 40, `${world.callsPerMinute()} calls`);
      });

      it("sees each end within 10 s, and describes an ended job once", async () => {
        const world = new World();
        const late = await world.endsSeenAfter(100, (index) => completes({}, 20 + index * 2.7));
        assert.ok(Math.max(...late) <= 10, `${Math.max(...late)} s`);

        const afterEnd = world.aws.called("describe").filter(({ at, args }) => {
          return at >= (world.aws.jobs.get(String(args[0]))?.modifiedAt ?? 0);
        });
        assert.equal(afterEnd.length, 100);
      });
    });
  }

  for (const minutes of [-15, 15]) {
    it(`sees each end within 10 s on a machine whose clock is ${minutes} minutes off`, async () => {
      const world = new World();
      const wrong = {
        now: () => world.clock.now() + minutes * MINUTE,
        sleep: (ms: number) => world.clock.sleep(ms),
      };
      const watcher = new Watcher(world.aws, wrong);
      const late = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const job = world.aws.existing(`job-${index}`, completes({}, 20 + index * 2.7));
          const createdAt = new Date(job.createdAt);
          await watcher.watch(job.name, { signal: new AbortController().signal, createdAt });
          return (world.clock.now() - job.modifiedAt) / SECOND;
        }),
      );
      assert.ok(Math.max(...late) <= 10, `${Math.max(...late)} s`);
    });
  }

  it("describes one or two jobs, and lists more", async () => {
    const world = new World();
    await world.endsSeenAfter(2, () => completes());
    assert.equal(world.aws.called("list").length, 0);

    await world.endsSeenAfter(3, () => completes());
    assert.ok(world.aws.called("list").length > 0);
  });

  it("finds a job that the list forgets by describing one job after the other", async () => {
    const world = new World();
    const script = (index: number) => (index === 4 ? completes({ unlisted: true }) : completes({}, 3600));
    const late = await world.endsSeenAfter(10, script);
    assert.ok(late[4] <= 10 * 8.05, `${late[4]} s: ten jobs in turn, at most 8 s apart`);
  });

  it("reads every page of a list", async () => {
    const world = new World();
    const late = await world.endsSeenAfter(130, () => completes());
    assert.ok(Math.max(...late) <= 10, `${Math.max(...late)} s`);
    assert.ok(
      world.aws.called("list").some(({ args }) => (args[0] as { NextToken?: string }).NextToken === "100"),
    );
  });

  it("asks only for what changed lately, in the service's own time", async () => {
    const world = new World();
    const [job] = [1, 2, 3].map((each) =>
      world.aws.existing(`job-${each}`, completes({}, 3600 + each), {}, 300),
    );
    const started = world.clock.now();

    await Promise.all([1, 2, 3].map((each) => world.watch(`job-${each}`)));

    const asked = world.aws.called("list").map(({ args }) => {
      return (args[0] as { LastModifiedTimeAfter: Date }).LastModifiedTimeAfter.getTime();
    });
    assert.equal(asked[0], started - 10 * MINUTE, "first, with room for a clock that is wrong");
    const lastChange = job.createdAt + 10 * SECOND;
    assert.equal(asked[2], lastChange - MINUTE, "then, with room for a change that is listed late");
    assert.equal(new Set(asked.slice(2, -1)).size, 1);
  });

  it("reports each change of status once", async () => {
    const world = new World();
    world.aws.existing("job", completes());
    const seen: string[] = [];

    await world.watch("job", { onChange: (job) => seen.push(`${job.status}/${job.secondaryStatus}`) });

    assert.deepEqual(seen, ["InProgress/Starting", "InProgress/Training", "Completed/Completed"]);
  });

  it("settles everybody who watches the same job", async () => {
    const world = new World();
    world.aws.existing("job", completes());
    const all = await Promise.all([1, 2, 3].map(() => world.watch("job")));
    assert.deepEqual(
      all.map((job) => job.TrainingJobStatus),
      ["Completed", "Completed", "Completed"],
    );
  });

  it("waits out throttling and expired credentials, and says so", async () => {
    const world = new World();
    world.aws.existing("job", completes()).describe();
    world.aws.fail("describe", throttled(), 3).fail("describe", expired(), 2);
    const trouble: string[] = [];

    const job = await world.watch("job", { onTrouble: (message) => trouble.push(message) });

    assert.equal(job.TrainingJobStatus, "Completed");
    assert.equal(trouble.length, 5);
    assertSays(trouble[0], "AWS cannot be reached (ThrottlingException)");
    assertSays(trouble[3], "AWS credentials expired: log in again");
  });

  it("does not hammer AWS while it is in trouble", async () => {
    const world = new World();
    world.aws.existing("job", completes());
    world.aws.fail("describe", throttled(), 50);

    await world.watch("job");

    assert.ok(world.callsPerMinute() <= 11, `${world.callsPerMinute()} calls`);
  });

  it("fails for a job that was deleted while it was followed, and for no other", async () => {
    const world = new World();
    world.aws.existing("kept", completes());
    world.aws.existing("deleted", runs());
    const kept = world.watch("kept");
    const deleted = failureOf(world.watch("deleted"));
    await world.clock.sleep(20 * SECOND);
    world.aws.jobs.delete("deleted");

    assert.ok((await deleted) instanceof JobGoneError);
    assertSays((await deleted).message, "Training job deleted no longer exists");
    assert.equal((await kept).TrainingJobStatus, "Completed");
  });

  it("gives up on a fault that will not pass, and can watch again afterwards", async () => {
    const world = new World();
    world.aws.existing("job", completes());
    world.aws.fail("describe", denied("sagemaker:DescribeTrainingJob"));

    assert.equal((await failureOf(world.watch("job"))).name, "AccessDeniedException");
    assert.equal((await world.watch("job")).TrainingJobStatus, "Completed");
  });

  it("gives up only on the job that may not be described", async () => {
    const world = new World();
    world.aws.existing("barred", completes());
    world.aws.existing("free", completes());
    const barred = failureOf(world.watch("barred"));
    const free = world.watch("free");
    world.aws.fail("describe", denied("sagemaker:DescribeTrainingJob"));

    assert.equal((await barred).name, "AccessDeniedException");
    assert.equal((await free).TrainingJobStatus, "Completed");
  });

  it("lets go at once when the operation is cancelled, while others go on", async () => {
    const world = new World();
    world.aws.existing("a", runs());
    world.aws.existing("b", completes());
    const operation = new AbortController();
    const a = failureOf(world.watch("a", { signal: operation.signal }));
    const b = world.watch("b");
    await world.clock.sleep(5 * SECOND);
    operation.abort(new CancelledError());
    const cancelledAt = world.clock.now();

    assert.ok((await a) instanceof CancelledError);
    assert.equal(world.clock.now(), cancelledAt);
    assert.equal((await b).TrainingJobStatus, "Completed");
  });

  it("does not start to watch for an operation that is cancelled already", async () => {
    const world = new World();
    world.stop();
    assert.ok((await failureOf(world.watch("job"))) instanceof CancelledError);
    assert.deepEqual(world.aws.calls, []);
  });

  it("makes no calls once nobody watches", async () => {
    const world = new World();
    world.aws.existing("job", completes());
    await world.watch("job");
    const calls = world.aws.calls.length;

    await world.clock.sleep(10 * MINUTE);

    assert.equal(world.aws.calls.length, calls);
  });
});
