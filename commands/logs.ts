// `npm run logs -- [--follow] [--stack NAME] [--job NAME]`: the log of the stack's training job, out of CloudWatch.
import { type AwsApi, isTerminal, type JobDescription } from "../components/trainingJob/aws/api.ts";
import { systemClock } from "../components/trainingJob/engine/clock.ts";
import type { Engine } from "../components/trainingJob/engine/engine.ts";
import { MARK_TAG } from "../components/trainingJob/identity/owner.ts";
import { runningJobs, tagsIfThere } from "../components/trainingJob/run/leftovers.ts";
import { hostsOf } from "../components/trainingJob/run/logEnd.ts";
import { LogTail } from "../components/trainingJob/run/logs.ts";
import { Progress } from "../components/trainingJob/run/progress.ts";
import { Watcher } from "../components/trainingJob/run/watcher.ts";
import { LOG_GROUP } from "../components/trainingJob/state/facts.ts";
import { printable } from "../components/trainingJob/state/printable.ts";
import { main } from "../local/main.ts";
import type { Report } from "../local/report.ts";
import { SetupError } from "../local/setupError.ts";
import { followOn } from "./followOn.ts";
import { type ChosenStack, chooseStack, enterBackend, isLocal, onAws, stackArguments } from "./stack.ts";

const PERMISSIONS =
  "sagemaker:ListTrainingJobs, sagemaker:ListTags and sagemaker:DescribeTrainingJob, logs:DescribeLogStreams and logs:GetLogEvents";

main(async (report) => {
  const values = stackArguments({
    follow: { type: "boolean", default: false },
    job: { type: "string", default: "" },
  });
  const stack = await chooseStack(await enterBackend(isLocal(values.stack), report), values.stack);
  const { api } = stack.aws();
  return onAws(`Reading the log of the stack ${stack.name}`, PERMISSIONS, async () => {
    const job = values.job ? await named(values.job, api) : await newest(stack, api, report);
    const name = job.TrainingJobName ?? "";
    const progress = printing(job, report);
    if (!values.follow) {
      progress.lines(await new LogTail(api, systemClock, LOG_GROUP, name).read());
      return 0;
    }
    const context = {
      api,
      clock: systemClock,
      progress,
      watcher: new Watcher(api, systemClock),
      signal: new AbortController().signal, // ^C ends the process; the job goes on
      following: () => 1,
    };
    const ended = await followOn(job, context, report);
    report(
      `${ended.TrainingJobName} ended ${ended.TrainingJobStatus}.${ended.FailureReason ? `\nSageMaker: ${printable(ended.FailureReason)}` : ""}`,
    );
    return ended.TrainingJobStatus === "Completed" ? 0 : 1;
  });
});

/** The script's lines go to standard output, and what else there is to say to standard error. */
function printing(job: JobDescription, report: Report): Progress {
  const engine: Engine = {
    status: (_urn, message) => report(printable(message)),
    log: (_urn, severity, message) => {
      if (severity === "info") process.stdout.write(`${printable(message)}\n`);
      else if (severity !== "debug") report(printable(message));
    },
    flush: async () => {},
  };
  const hosts = hostsOf(job);
  return new Progress({ engine, urn: undefined, metricDefinitions: [], hosts, now: () => Date.now() });
}

async function named(name: string, api: AwsApi): Promise<JobDescription> {
  const job = await api.describe(name);
  if (!job)
    throw new SetupError(
      `There is no training job ${name}: \`aws sagemaker list-training-jobs\` lists them.`,
    );
  return job;
}

/**
 * The job of this stack that was started last. One that runs is known by its tag: a deployment saves its name only at the end. Of a stack
 * with several the others are named.
 */
async function newest(
  { name, marks, jobNames }: ChosenStack,
  api: AwsApi,
  report: Report,
): Promise<JobDescription> {
  const names = new Set(jobNames);
  for (const { TrainingJobName = "", TrainingJobArn = "" } of await runningJobs(api)) {
    if (names.has(TrainingJobName)) continue;
    const tags = await tagsIfThere(TrainingJobArn, api);
    if (tags && marks.includes(tags[MARK_TAG])) names.add(TrainingJobName);
  }
  const jobs = (await Promise.all([...names].map((each) => api.describe(each)))).filter(
    (job) => job !== undefined,
  );
  jobs.sort((a, b) => (b.CreationTime?.getTime() ?? 0) - (a.CreationTime?.getTime() ?? 0));
  const [job, ...others] = jobs;
  if (!job) {
    const first = isLocal(name) ? "npm start" : `pulumi up --stack ${name}`;
    throw new SetupError(`The stack ${name} has no training job yet: \`${first}\` starts one.`);
  }
  report(`Log of ${job.TrainingJobName}, which is ${job.TrainingJobStatus}.`);
  const running = others
    .filter((each) => !isTerminal(each.TrainingJobStatus))
    .map((each) => each.TrainingJobName);
  if (running.length > 0) report(`Also running: ${running.join(", ")}; read one with --job NAME.`);
  return job;
}
