import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stopLocalAws } from "../../../local/aws/client.ts";
import { startTestAws } from "./aws";
import { restoreAws, seedEndedJobs, startRunningJobs } from "./recordedAws";
import { jobOf, PLACEHOLDERS, type RecordedState, readState, replaced } from "./recordedState";
import { type Finished, type Running, TestStack } from "./stack";

/** What a deployment does, or would do, to one resource. */
export interface Step {
  op: string;
  type: string;
  urn: string;
}

export interface Deployment extends Finished {
  steps: Step[];
}

/** A stack of an earlier release, in the state that it was recorded in, under today's program. */
export class Replay {
  readonly recorded: RecordedState;
  readonly stack: TestStack;
  readonly #stateDir: string;

  private constructor(recorded: RecordedState, stack: TestStack, stateDir: string) {
    this.recorded = recorded;
    this.stack = stack;
    this.#stateDir = stateDir;
  }

  /** Puts a recorded state back, with a local AWS of its own that holds what was there; a job that ran runs until the gate opens. */
  static async start(name: string): Promise<Replay> {
    const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), "training-replay-"));
    const recorded = replaced(readState(name), [[PLACEHOLDERS.aws, stateDir]]);
    const { settings, files } = recorded;
    seedEndedJobs(recorded.aws, stateDir);
    const aws = await startTestAws(stateDir);
    const env = { ...recorded.env, PULUMI_DEBUG_COMMANDS: "true" }; // for --event-log
    const experiment = String(settings.config["training:experiment"]);
    const stack = await TestStack.create(experiment, { aws, env, files, settings });
    const replay = new Replay(recorded, stack, stateDir);
    try {
      await restoreAws(recorded.aws, stack);
      await startRunningJobs(recorded.aws, stack);
      stack.write("imported.json", JSON.stringify(replay.#state()));
      await stack.ok(["stack", "import", "--file", "imported.json"]);
      return replay;
    } catch (error) {
      await replay.dispose();
      throw error;
    }
  }

  /** The recorded job, as the state names it. */
  get job() {
    return jobOf(this.recorded);
  }

  /** Runs `pulumi preview` or `pulumi up` and reads which steps there were. */
  deploy(...args: string[]): Promise<Deployment> {
    return this.begin(...args).finished;
  }

  /** The same, for what has to happen meanwhile. */
  begin(...args: string[]): Pick<Running, "until"> & { finished: Promise<Deployment> } {
    const file = path.join(this.stack.dir, "events.json");
    fs.rmSync(file, { force: true });
    const { until, finished } = this.stack.start([...args, "--event-log", file]);
    return { until, finished: finished.then((done) => this.#steps(done, file)) };
  }

  #steps(done: Finished, file: string): Deployment {
    const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
    const events = lines.filter(Boolean).map((line) => JSON.parse(line));
    const steps = events.flatMap((event) => event.resourcePreEvent?.metadata ?? []);
    return { ...done, steps: steps.map(({ op, type, urn }: Step) => ({ op, type, urn })) };
  }

  async dispose(): Promise<void> {
    await this.stack.dispose();
    await stopLocalAws(this.#stateDir);
    fs.rmSync(this.#stateDir, { recursive: true, force: true });
  }

  #state(): unknown {
    const { dir } = this.stack;
    return replaced(this.recorded.state, [
      [PLACEHOLDERS.project, fs.realpathSync(dir)],
      [PLACEHOLDERS.archive, this.#archive()],
    ]);
  }

  /** The bundle that the recorded deployment uploaded, in a file: the state names one. */
  #archive(): string {
    const objects = this.recorded.aws.buckets.flatMap((bucket) => Object.entries(bucket.objects));
    const [, body] = objects.find(([key]) => key.endsWith("/sourcedir.tar.gz")) ?? [];
    if (body === undefined) throw new Error("no source bundle was recorded");
    const file = path.join(this.stack.dir, "recorded", "sourcedir.tar.gz");
    fs.mkdirSync(path.dirname(file));
    fs.writeFileSync(file, Buffer.from(body, "base64"));
    return file;
  }
}
