/** What a dashboard shows. */
export interface Shown {
  experiment: string;
  /** What the names of its jobs begin with. */
  prefix: string;
  metrics: string[];
  gpu: boolean;
  region: string;
}

interface Widget {
  type: "metric" | "log" | "text";
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Record<string, unknown>;
}

/** Namespace of SageMaker's metrics of training jobs, and their log group. */
const TRAINING_JOBS = "/aws/sagemaker/TrainingJobs";
/** Units of a dashboard's grid. */
const GRID = 24;
const HEIGHT = 6;
/** SageMaker publishes once a minute. */
const PERIOD_SECONDS = 60;

/**
 * The dashboard as CloudWatch takes it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 * Curves are searched for, at most 500 to a search, among the jobs that reported in the last two weeks.
 */
export function dashboardBody(shown: Shown): { start: string; widgets: Widget[] } {
  const curves = shown.metrics.map((metric) =>
    graph(shown, metric, "TrainingJobName", [[metric, `\${PROP('Dim.TrainingJobName')}`]]),
  );
  const rows = [
    [heading(shown)],
    ...chunks(curves, 2),
    [
      ...(shown.gpu ? [busy(shown, "GPU", ["GPUUtilization", "GPUMemoryUtilization"])] : []),
      busy(shown, "Processor and memory", ["CPUUtilization", "MemoryUtilization"]),
      busy(shown, "Disk", ["DiskUtilization"]),
    ],
    [log(shown, "Errors and warnings", "filter @message like /(?i)(error|exception|traceback|warn)/")],
    [log(shown, "Log")],
  ];
  let y = 0;
  const widgets = rows.flatMap((row) => {
    const placed = place(row, y);
    y = Math.max(y, ...placed.map((widget) => widget.y + widget.height));
    return placed;
  });
  return { start: "-PT12H", widgets };
}

type Content = Pick<Widget, "type" | "height" | "properties">;

function place(row: Content[], y: number): Widget[] {
  const width = Math.floor(GRID / row.length);
  return row.map((content, at) => ({ ...content, x: at * width, y, width }));
}

function heading({ experiment, prefix, metrics }: Shown): Content {
  const none = "\nNo curves: `training:metrics` names none.";
  const markdown = `# ${experiment}\nTraining jobs whose names begin with \`${prefix}\`.${metrics.length > 0 ? "" : none}`;
  return { type: "text", height: metrics.length > 0 ? 2 : 3, properties: { markdown } };
}

/** In percent of one GPU or processor, so that a machine with four of them goes up to 400. */
function busy(shown: Shown, title: string, metrics: string[]): Content {
  return graph(
    shown,
    `${title} (%)`,
    "Host",
    metrics.map((metric) => [metric, `${metric} \${PROP('Dim.Host')}`]),
    { yAxis: { left: { min: 0 } } },
  );
}

function graph(
  { prefix, region }: Shown,
  title: string,
  dimension: string,
  searches: [metric: string, label: string][],
  more: object = {},
): Content {
  const metrics = searches.map(([metric, label], at) => [
    {
      id: `e${at + 1}`,
      label,
      expression: `SEARCH('{"${TRAINING_JOBS}",${dimension}} ${named(metric)} ${ofJobs(dimension, prefix)}', 'Average', ${PERIOD_SECONDS})`,
    },
  ]);
  const properties = { title, region, view: "timeSeries", stacked: false, period: PERIOD_SECONDS, metrics };
  return { type: "metric", height: HEIGHT, properties: { ...properties, ...more } };
}

/** A name with quotation marks in it cannot be quoted: then its words are searched for. */
function named(metric: string): string {
  if (!/["'\\]/.test(metric)) return `MetricName="${metric}"`;
  return words(metric)
    .map((word) => `MetricName=${word}`)
    .join(" ");
}

/** There is no search by what a name begins with: its words must all be there. */
const ofJobs = (dimension: string, prefix: string): string =>
  words(prefix)
    .map((word) => `${dimension}=${word}`)
    .join(" ");

const words = (text: string): string[] => text.split(/[^a-zA-Z0-9]+/).filter(Boolean);

function log({ prefix, region }: Shown, title: string, ...filters: string[]): Content {
  const query = [
    `SOURCE '${TRAINING_JOBS}'`,
    "fields @timestamp, @logStream, @message",
    `filter @logStream like /^${prefix}/`,
    ...filters,
    "sort @timestamp desc",
    "limit 200",
  ].join(" | ");
  return { type: "log", height: HEIGHT, properties: { title, region, view: "table", query } };
}

function chunks<T>(list: T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, at) => list.slice(at * size, (at + 1) * size));
}
