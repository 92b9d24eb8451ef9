import type { Run } from "../../../commands/compare/parameters";
import { runOf } from "../../../commands/compare/parameters";
import type { ReportData } from "../../../commands/report/data";
import { recordOf } from "../compare/runs";
import { timelineOf } from "./fixture";

/** What breaks out of texts, attributes, titles of SVG, comments and styles where it is not escaped. */
const [TEXT, ATTRIBUTE, SVG, STYLE] = [
  "<script>globalThis.ran = 1</script>",
  '"><img src=x onerror="globalThis.ran = 2">',
  "</title></text></svg><svg onload='globalThis.ran = 3'>",
  "</style><iframe srcdoc='<script>parent.ran = 4</script>'></iframe>",
];
export const EVIL = [TEXT, ATTRIBUTE, SVG, STYLE];

const name = `job-${TEXT}`;
const points = [0.1, 0.9].map((value, index) => ({
  time: `2026-01-01T00:0${index}:00.000Z`,
  epoch: index + 1,
  value,
}));
const run = (own: string, status: string): Run =>
  runOf(
    recordOf(own, {
      status,
      experiment: ATTRIBUTE,
      stack: STYLE,
      failureReason: EVIL.join("\n"),
      inputs: { hyperparameters: { [ATTRIBUTE]: `${SVG} ${own}` } },
      metrics: { [SVG]: 0.9 },
      curves: { [SVG]: { count: 2, points }, [STYLE]: { count: 2, points } },
      cost: { basis: ATTRIBUTE, actual: 1, onDemand: 2, ec2Idle: 3 },
      timeline: timelineOf(["Training", 60, SVG], [TEXT, 5], ["Interrupted", 60, STYLE]),
      attempts: ["Stopped", status].map((each) => ({
        trainingJobName: own,
        purchaseOption: TEXT,
        status: each,
        secondaryStatus: ATTRIBUTE,
        reason: STYLE,
      })),
      logUrl: "javascript:globalThis.ran = 5",
      consoleUrl: "data:text/html,<script>globalThis.ran = 6</script>",
    }),
    `s3://bucket/${TEXT}/run.json`,
  );

const [best, failed] = [run(name, "Completed"), run(`${name}${STYLE}`, "Failed")];

/** A report in which every text that comes from outside is an attack. */
export const HOSTILE: ReportData = {
  title: TEXT,
  places: [STYLE],
  now: new Date("2026-01-02T00:00:00Z"),
  local: false,
  runs: [best, failed],
  ranking: { metric: SVG, direction: "max" },
  best,
  confusion: {
    classes: [TEXT, ATTRIBUTE],
    counts: [
      [1, 2],
      [3, 4],
    ],
  },
  services: [
    {
      stack: STYLE,
      endpointName: ATTRIBUTE,
      modelInService: { artifact: TEXT, image: SVG, trainingJobName: STYLE, metrics: { [ATTRIBUTE]: 1 } },
    },
  ],
};
