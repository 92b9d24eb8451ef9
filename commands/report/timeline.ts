import { own } from "../../components/own";
import type { Run } from "../compare/parameters";

/** What a step of a job's life is for who waits for it. */
export type Phase = "waiting" | "loading" | "training" | "interrupted" | "saving" | "ending";

export const PHASES: { phase: Phase; label: string }[] = [
  { phase: "waiting", label: "waiting for a machine" },
  { phase: "loading", label: "loading image and data" },
  { phase: "training", label: "training" },
  { phase: "interrupted", label: "interrupted: the spot machine was taken away" },
  { phase: "saving", label: "saving the model" },
  { phase: "ending", label: "stopping, or out of time" },
];

/** SageMaker's SecondaryStatus values (API reference, DescribeTrainingJob) by their phase; what is not here is `ending`. */
const PHASE_OF: Record<string, Phase> = {
  Starting: "waiting",
  Pending: "waiting",
  Restarting: "waiting",
  LaunchingMLInstances: "waiting",
  PreparingTrainingStack: "waiting",
  Updating: "waiting",
  Downloading: "loading",
  DownloadingTrainingImage: "loading",
  Training: "training",
  Interrupted: "interrupted",
  Uploading: "saving",
};

/** Steps that say how a job ended, and take no time. */
const ENDS = ["Completed", "Failed", "Stopped"];

export interface Segment {
  phase: Phase;
  status: string;
  /** Seconds since the job's first step. */
  from: number;
  to: number;
  message: string;
}

export interface Lane {
  run: Run;
  segments: Segment[];
  interruptions: number;
  /** Jobs that were started for this training before the one that is shown. */
  earlier: number;
}

/** The life of each run's last job; runs of which no steps are known are left out. */
export function lanesOf(runs: Run[]): Lane[] {
  return runs.flatMap((run) => {
    const segments = segmentsOf(run);
    if (segments.length === 0) return [];
    const { attempts, timeline } = run.record;
    const interruptions = timeline.filter(({ status }) => own(PHASE_OF, status) === "interrupted").length;
    return [{ run, segments, interruptions, earlier: Math.max(0, attempts.length - 1) }];
  });
}

function segmentsOf({ record: { timeline, endTime } }: Run): Segment[] {
  const steps = timeline.filter(({ startTime }) => !Number.isNaN(Date.parse(startTime)));
  const origin = Date.parse(steps[0]?.startTime);
  const seconds = (time: string) => (Date.parse(time) - origin) / 1000;
  return steps.flatMap(({ status, startTime, endTime: ended, message = "" }, index) => {
    if (ENDS.includes(status)) return [];
    const until = ended ?? steps[index + 1]?.startTime ?? endTime ?? startTime;
    const [from, to] = [seconds(startTime), seconds(until)];
    return [{ phase: own(PHASE_OF, status) ?? "ending", status, from, to: Math.max(from, to), message }];
  });
}
