import assert from "node:assert/strict";
import { LogTail, lastLines } from "../../../../components/trainingJob/run/logs";
import { awsError, throttled } from "../../support/awsErrors";
import { failureOf } from "../../support/failure";
import { FakeAws } from "../../support/fakeAws";
import { FakeClock } from "../../support/fakeClock";

const GROUP = "/aws/sagemaker/TrainingJobs";

class World {
  readonly clock = new FakeClock();
  readonly aws = new FakeAws(this.clock);
  readonly tail = new LogTail(this.aws, this.clock, GROUP, "job");

  put(stream: string, ...messages: string[]): void {
    for (const message of messages) this.aws.logs.put(stream, this.clock.now(), message);
  }

  async read(relist = false): Promise<string[]> {
    return (await this.tail.read(relist)).map(({ host, message }) => `${host} ${message}`);
  }
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describe("LogTail", () => {
  it("reads a stream to its end, over all its pages, each line once", async () => {
    const world = new World();
    world.put("job/algo-1-1000", ...numbers(1, 10));
    assert.deepEqual(
      await world.read(),
      numbers(1, 10).map((line) => `algo-1 ${line}`),
    );
    assert.deepEqual(await world.read(), []);
  });

  it("goes on where it stopped", async () => {
    const world = new World();
    const all: string[] = [];
    for (let round = 0; round < 20; round++) {
      world.put("job/algo-1-1000", ...numbers(round * 7 + 1, round * 7 + 7));
      all.push(...(await world.read()));
    }
    assert.deepEqual(
      all,
      numbers(1, 140).map((line) => `algo-1 ${line}`),
    );
  });

  it("finds streams that appear late, within 10 s", async () => {
    const world = new World();
    world.put("job/algo-1-1000", "one");
    await world.read();
    world.put("job/algo-2-1001", "two");
    assert.deepEqual(await world.read(), []);

    world.clock.advance(10_000);

    assert.deepEqual(await world.read(), ["algo-2 two"]);
  });

  it("looks for streams on every read as long as there are none", async () => {
    const world = new World();
    assert.deepEqual(await world.read(), []);
    world.put("job/algo-1-1000", "one");
    assert.deepEqual(await world.read(), ["algo-1 one"]);
  });

  it("does not list streams more often than every 10 s once there are some", async () => {
    const world = new World();
    world.put("job/algo-1-1000", "one");
    for (let second = 0; second < 30; second++) {
      await world.read();
      world.clock.advance(1000);
    }
    assert.equal(world.aws.called("logStreams").length, 3);
  });

  it("looks for new streams at once when asked to", async () => {
    const world = new World();
    world.put("job/algo-1-1000", "one");
    await world.read();
    world.put("job/algo-2-1001", "two");
    assert.deepEqual(await world.read(true), ["algo-2 two"]);
  });

  it("reads the new stream of a host that was restarted, and the old one no more than to its end", async () => {
    const world = new World();
    world.put("job/algo-1-1000", "first life");
    assert.deepEqual(await world.read(), ["algo-1 first life"]);
    world.put("job/algo-1-2000", "second life");
    assert.deepEqual(await world.read(true), ["algo-1 second life"]);
    assert.deepEqual(await world.read(true), []);
  });

  it("reads no other job's streams, even if its name begins the same", async () => {
    const world = new World();
    world.put("job-2/algo-1-1000", "other");
    assert.deepEqual(await world.read(), []);
  });

  it("loses no line to a fault in the middle of a read", async () => {
    const world = new World();
    world.put("job/algo-1-1000", ...numbers(1, 5));
    world.put("job/algo-2-1000", ...numbers(6, 10));
    // The first stream and a page of the second are read before the fault.
    for (let call = 0; call < 4; call++) world.aws.once("logEvents", () => undefined);
    world.aws.fail("logEvents", throttled());

    await failureOf(world.read());

    assert.deepEqual((await world.read()).map((line) => line.split(" ")[1]).sort(byNumber), numbers(1, 10));
    assert.deepEqual(await world.read(), []);
  });

  it("puts a traceback together whose pieces are read at different times, and holds back no line for long", async () => {
    const world = new World();
    world.put(
      "job/algo-1-1000",
      "Traceback (most recent call last):",
      'File "train.py", line 3, in f',
      " ",
      "x()",
    );
    world.put("job/algo-2-1000", "in between");
    assert.deepEqual(await world.read(), [
      "algo-1 Traceback (most recent call last):",
      'algo-1   File "train.py", line 3, in f',
      "algo-1     x()",
      "algo-2 in between",
    ]);
    world.put("job/algo-1-1000", "^", "json.decoder", ".");
    assert.deepEqual(await world.read(), []);
    world.put("job/algo-1-1000", "JSONDecodeError", ":");
    assert.deepEqual(await world.read(), []);
    assert.deepEqual(await world.read(), ["algo-1 json.decoder.JSONDecodeError:"]);
    assert.deepEqual(await world.read(), []);
  });

  it("strips line ends", async () => {
    const world = new World();
    world.put("job/algo-1-1000", "text  \r\n");
    assert.deepEqual(await world.read(), ["algo-1 text"]);
  });
});

describe("lastLines", () => {
  it("gives the last lines of the one host, also over its restarts", async () => {
    const world = new World();
    for (let second = 1; second <= 30; second++) {
      world.put(`job/algo-1-${second < 20 ? 1000 : 2000}`, `line ${second}`);
      world.clock.advance(1000);
    }
    assert.deepEqual(
      await lastLines(world.aws, GROUP, "job", 20),
      numbers(11, 30).map((line) => `line ${line}`),
    );
  });

  it("gives each host its own lines, those of the first to fail first", async () => {
    const world = new World();
    const say = (host: number, text: string) => {
      world.put(`job/algo-${host}-1000`, text);
      world.clock.advance(100);
    };
    for (let step = 1; step <= 30; step++) for (const host of [1, 2, 3]) say(host, `step ${step}`);
    say(3, "Traceback (most recent call last):");
    say(3, "ValueError: bad shard");
    for (let line = 1; line <= 40; line++)
      for (const host of [1, 2]) say(host, `RuntimeError: peer is gone ${line}`);

    const lines = await lastLines(world.aws, GROUP, "job", 20);

    assert.deepEqual(
      lines.filter((line) => line.startsWith("[")),
      ["[algo-3]", "[algo-1]", "[algo-2]"],
    );
    assert.deepEqual(lines.slice(18, 22), [
      "step 30",
      "Traceback (most recent call last):",
      "ValueError: bad shard",
      "[algo-1]",
    ]);
    assert.equal(lines.length, 1 + 20 + 2 * (1 + 5));
  });

  it("puts the host that fell silent first on top where none tells of an error", async () => {
    const world = new World();
    world.put("job/algo-1-1000", "one");
    world.put("job/algo-2-1000", "two");
    world.clock.advance(1000);
    world.put("job/algo-1-1000", "going on");
    assert.deepEqual(await lastLines(world.aws, GROUP, "job", 20), [
      "[algo-2]",
      "two",
      "[algo-1]",
      "one",
      "going on",
    ]);
  });

  it("gives of many hosts the first four, and says how many there are", async () => {
    const world = new World();
    for (let host = 1; host <= 16; host++) {
      world.put(`job/algo-${host}-1000`, "Error: no");
      world.clock.advance(1000);
    }
    const lines = await lastLines(world.aws, GROUP, "job", 20);
    assert.deepEqual(lines.slice(-3), ["[algo-4]", "Error: no", "(and 12 hosts more)"]);
  });

  it("leaves out empty lines", async () => {
    const world = new World();
    world.put("job/algo-1-1000", "one", "", "  ", "two");
    assert.deepEqual(await lastLines(world.aws, GROUP, "job", 20), ["one", "two"]);
  });

  it("counts the script's lines, not the toolkit's nor the pieces of a traceback", async () => {
    const world = new World();
    world.put(
      "job/algo-1-1000",
      "one",
      "two",
      "Traceback (most recent call last):",
      'File "<stdin>", line 3, in f',
    );
    world.put("job/algo-1-1000", ...Array(100).fill("^"), "KeyError", ":", "'x'");
    world.put(
      "job/algo-1-1000",
      ...Array(100).fill("2026-01-01 00:00:00,000 sagemaker-training-toolkit INFO Waiting"),
    );
    assert.deepEqual(await lastLines(world.aws, GROUP, "job", 4), [
      "two",
      "Traceback (most recent call last):",
      '  File "<stdin>", line 3, in f',
      "KeyError: 'x'",
    ]);
  });

  it("hands on what AWS says when there is no access", async () => {
    const world = new World();
    world.aws.fail("logStreams", awsError("AccessDeniedException"));
    assert.equal((await failureOf(lastLines(world.aws, GROUP, "job", 20))).name, "AccessDeniedException");
  });
});

const byNumber = (a: string, b: string) => Number(a) - Number(b);
