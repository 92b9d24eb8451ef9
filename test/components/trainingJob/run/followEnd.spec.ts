import assert from "node:assert/strict";
import { mock } from "node:test";
import { follow } from "../../../../components/trainingJob/run/follow";
import { throttled } from "../../support/awsErrors";
import { assertSays } from "../../support/failure";
import { completes, fails, NO_CAPACITY, type Script, type ScriptedLine } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const toolkit = (words: string) => `2026-01-01 00:01:00,000 sagemaker-training-toolkit ${words}`;
const SUCCESS = toolkit("INFO     Reporting training SUCCESS");

interface Followed {
  world: TrainingWorld;
  /** The lines of the script that were shown. */
  lines: string[];
  /** Seconds from the job's end to the end of following it. */
  seconds: number;
  /** Whether it was said that lines may follow. */
  mayFollow: boolean;
}

async function followed(
  script: Script,
  prepare: (world: TrainingWorld) => void = () => {},
): Promise<Followed> {
  const world = new TrainingWorld();
  const job = world.aws.existing("job", script, {}, 0, {
    ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: hostsIn(script), VolumeSizeInGB: 10 },
  });
  prepare(world);
  await follow("job", world.context());
  const said = world.engine.messages();
  return {
    world,
    lines: said.filter((line) => line.startsWith("line ")),
    seconds: (world.clock.now() - job.modifiedAt) / 1000,
    mayFollow: said.some((line) => line.includes("may have more lines")),
  };
}

const hostsIn = ({ log = [] }: Script): number =>
  new Set(log.map(({ stream = "algo-1-1000" }) => stream.slice(0, 6))).size || 1;

const line = (at: number, stream?: string): ScriptedLine => ({ at, message: `line ${at}`, stream });
const told = (log: ScriptedLine[]) =>
  log.map(({ message }) => message).filter((each) => each.startsWith("line "));

/** Jobs that end after 60 s: their last line is from that moment. */
const LOGS: Record<string, ScriptedLine[]> = {
  "a script that says much": [12, 13, 14, 20, 58, 59, 60].map((at) => line(at)),
  "a script that says little": [line(12), line(60)],
  "a script that speaks at its end alone": [line(60)],
};

// The watcher's pauses vary by chance.
for (const chance of [0, 0.2, 0.4, 0.6, 0.8, 0.999])
  describe(`the end of a log, at ${chance}`, () => {
    beforeEach(() => void mock.method(Math, "random", () => chance));
    afterEach(() => mock.restoreAll());

    for (const late of [0, 2, 10]) {
      for (const [what, log] of Object.entries(LOGS)) {
        it(`loses no line of ${what}, in script mode, with lines that are ${late} s late`, async () => {
          const { lines, seconds, mayFollow } = await followed(
            completes({ log: [...log, { at: 60, message: SUCCESS }], logLate: late }),
          );
          assert.deepEqual(lines, told(log));
          assert.ok(seconds <= late + 2, `${seconds} s`);
          assert.equal(mayFollow, false);
        });

        it(`loses no line of ${what}, in another container, with lines that are ${late} s late`, async () => {
          const { lines, seconds, mayFollow } = await followed(completes({ log, logLate: late }));
          assert.deepEqual(lines, told(log));
          assert.ok(seconds <= 20, `${seconds} s`);
          assert.equal(mayFollow, false);
        });
      }
    }

    it("is not waited for where the toolkit has said its last words on every host", async () => {
      const ends = ["algo-1-1000", "algo-2-1001"].map((stream) => ({ at: 59, message: SUCCESS, stream }));
      const { seconds } = await followed(completes({ log: [line(50), line(51, "algo-2-1001"), ...ends] }));
      assert.ok(seconds <= 1, `${seconds} s`);
    });

    it("tells that the job is about to end, which is then seen at once however long it trained", async () => {
      const log = [line(12), { at: 1795, message: SUCCESS }];
      assert.ok((await followed(completes({ log }, 1800))).seconds <= 3); // a look takes up to 2.3 s to come
    });

    it("is waited for until the last host has said its last words", async () => {
      const log = [
        ...[line(50), line(51, "algo-2-1001")],
        ...[{ at: 59, message: SUCCESS }, line(66, "algo-2-1001")],
        { at: 66, message: SUCCESS, stream: "algo-2-1001" },
      ];
      assert.deepEqual((await followed(completes({ log }))).lines, told(log));
    });

    it("is that of the last life of a job that was interrupted", async () => {
      const script: Script = {
        steps: [
          { at: 0, status: "InProgress", secondary: "Training" },
          { at: 20, status: "InProgress", secondary: "Interrupted" },
          { at: 40, status: "InProgress", secondary: "Training" },
          { at: 60, status: "Completed", secondary: "Completed" },
        ],
        log: [
          ...[line(10), { at: 20, message: toolkit("ERROR    Encountered exit_code 143") }],
          ...[line(59, "algo-1-2000"), { at: 60, message: SUCCESS, stream: "algo-1-2000" }],
        ],
        logLate: 5,
      };
      assert.deepEqual((await followed(script)).lines, ["line 10", "line 59"]);
    });

    it("was quiet while the model was uploaded", async () => {
      const steps = [
        { at: 10, status: "InProgress", secondary: "Training" },
        { at: 30, status: "InProgress", secondary: "Uploading" },
        { at: 60, status: "Completed", secondary: "Completed" },
      ];
      const { lines, seconds } = await followed({ steps, log: [line(20), line(30)], logLate: 10 });
      assert.deepEqual(lines, ["line 20", "line 30"]);
      assert.ok(seconds <= 9, `${seconds} s`); // an end is seen up to 8 s late
    });

    it("loses no line of a script that failed, whose last ones are later than all before", async () => {
      const log = [
        { at: 11, message: toolkit("INFO     Imported framework") },
        ...[line(12), line(29), line(30)].map((each, index) => ({ ...each, late: index === 0 ? 1 : 8 })),
        { at: 30, message: toolkit("ERROR    Encountered exit_code 1"), late: 8 },
      ];
      const { lines, seconds, mayFollow } = await followed(fails("AlgorithmError: exit code 1", { log }));
      assert.deepEqual(lines, told(log));
      assert.ok(seconds <= 10, `${seconds} s`);
      assert.equal(mayFollow, false);
    });

    it("may have more lines where a job failed without last words, for which it is not waited long", async () => {
      const log = [{ at: 11, message: toolkit("INFO     Imported framework") }, line(29)];
      const { lines, seconds, mayFollow } = await followed(fails("AlgorithmError: killed", { log }));
      assert.deepEqual(lines, ["line 29"]);
      assert.ok(seconds <= 20, `${seconds} s`); // an end is seen up to 8 s late, and 12 are waited
      assert.equal(mayFollow, true);
    });

    it("does not keep a job that failed before its container ran", async () => {
      const steps = [
        { at: 0, status: "InProgress", secondary: "Starting" },
        { at: 30, status: "Failed", secondary: "Failed" },
      ];
      const { seconds, mayFollow } = await followed({ steps, failureReason: NO_CAPACITY });
      assert.ok(seconds <= 12, `${seconds} s`);
      assert.equal(mayFollow, false);
    });

    it("is not taken to be quiet while it cannot be read", async () => {
      const log = [line(12), line(60)];
      const { lines } = await followed(completes({ log }), ({ aws, clock }) => {
        void clock.sleep(55_000).then(() => aws.fail("logEvents", throttled(), 8));
      });
      assert.deepEqual(lines, told(log));
    });

    for (const [what, log] of Object.entries({
      "never comes": [line(12), { at: 13, message: toolkit("INFO     Imported framework") }],
      "goes on and on": Array.from({ length: 600 }, (_, index) => line(index + 1)),
      "has no line": [],
    })) {
      it(`is given up where it ${what}, and it is said that lines may follow`, async () => {
        const { world, seconds } = await followed(completes({ log }));
        assert.ok(seconds <= 30, `${seconds} s`);
        assertSays(
          world.engine.messages("info").join("\n"),
          "The log of job may have more lines than were shown here: CloudWatch Logs has them, in the streams job/ of /aws/sagemaker/TrainingJobs.",
        );
      });
    }
  });
