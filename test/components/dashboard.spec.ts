import assert from "node:assert/strict";
import { parseConfig } from "../../components/config";
import { Sweep } from "../../components/sweep";
import { planSweep } from "../../components/sweepPlan";
import { type Board, dashboardSchema } from "./support/dashboardSchema";
import { IMAGE, runExperiment } from "./support/experimentProgram";
import { inputsOf, type Program, runProgram, settled, typesOf } from "./support/program";

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const METRICS = { train_loss: "a=(.*)", val_loss: "b=(.*)", val_accuracy: "c=(.*)" };

const boardOf = (program: Program<unknown>): Board =>
  dashboardSchema.parse(
    JSON.parse(String(inputsOf(program, DASHBOARD, "dense-dashboard-board").dashboardBody)),
  );

/** All searches of a dashboard, by the titles of their graphs. */
function searches({ widgets }: Board): Record<string, string[]> {
  const graphs = widgets.flatMap((widget) => (widget.type === "metric" ? [widget.properties] : []));
  return Object.fromEntries(
    graphs.map(({ title, metrics }) => [title, metrics.map(([{ expression }]) => expression)]),
  );
}

describe("Dashboard", () => {
  it("draws each metric, the one to watch first, and how busy the machines are", async () => {
    const program = await runExperiment({ dashboard: true, metrics: METRICS, primaryMetric: "val_accuracy" });
    const board = boardOf(program);
    const algorithm = (metric: string) => [
      `SEARCH('{"/aws/sagemaker/TrainingJobs",TrainingJobName} MetricName="${metric}" TrainingJobName=dense', 'Average', 60)`,
    ];
    const machine = (...metrics: string[]) =>
      metrics.map(
        (metric) =>
          `SEARCH('{"/aws/sagemaker/TrainingJobs",Host} MetricName="${metric}" Host=dense', 'Average', 60)`,
      );
    assert.deepEqual(searches(board), {
      val_accuracy: algorithm("val_accuracy"),
      val_loss: algorithm("val_loss"),
      train_loss: algorithm("train_loss"),
      "GPU (%)": machine("GPUUtilization", "GPUMemoryUtilization"),
      "Processor and memory (%)": machine("CPUUtilization", "MemoryUtilization"),
      "Disk (%)": machine("DiskUtilization"),
    });
    assert.equal(Object.keys(searches(board))[0], "val_accuracy");
    const queries = board.widgets.flatMap((each) => (each.type === "log" ? [each.properties.query] : []));
    assert.equal(queries.length, 2);
    for (const query of queries) assert.ok(query.includes("filter @logStream like /^dense-/"), query);
  });

  it("lays nothing over anything else", async () => {
    const metrics = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`m${at}`, `m${at}=(.*)`]));
    const { widgets } = boardOf(await runExperiment({ dashboard: true, metrics }));
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          assert.ok(!taken.has(`${column},${row}`), `${column},${row}`);
          taken.add(`${column},${row}`);
        }
      }
    }
  });

  it("shows no GPU where there is none, and says why there is no curve", async () => {
    const board = boardOf(await runExperiment({ dashboard: true, instanceType: "ml.c5.xlarge" }));
    assert.deepEqual(Object.keys(searches(board)), ["Processor and memory (%)", "Disk (%)"]);
    const [heading] = board.widgets;
    assert.ok(
      heading.type === "text" && heading.properties.markdown.includes("`training:metrics` names none"),
    );
  });

  it("searches for a metric whose name cannot be quoted by its words", async () => {
    const board = boardOf(await runExperiment({ dashboard: true, metrics: { "it's 5\" off": "x=(.*)" } }));
    assert.match(
      searches(board)["it's 5\" off"][0],
      / MetricName=it MetricName=s MetricName=5 MetricName=off /,
    );
  });

  it("has a name of its stack's own, and a page in the console", async () => {
    const program = await runExperiment({ dashboard: true });
    const { dashboardName } = inputsOf(program, DASHBOARD, "dense-dashboard-board");
    assert.match(String(dashboardName), /^training-dev-dense-[0-9a-f]{7}$/);
    const { dashboard } = program.result;
    assert.ok(dashboard);
    assert.equal(
      await settled(dashboard.url),
      `https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/${dashboardName}`,
    );
    const other = inputsOf(
      await runExperiment({ dashboard: true, bucketName: "ours" }),
      DASHBOARD,
      "dense-dashboard-board",
    );
    assert.notEqual(other.dashboardName, dashboardName);
  });

  it("waits for no job, so that it is there while the job runs", async () => {
    const program = await runExperiment({ dashboard: true });
    const found = program.resources.find(({ type }) => type === DASHBOARD);
    assert.deepEqual(found?.dependencies, ["dense-store-bucket"]);
  });

  it("is not there, nor is a topic, unless it is asked for", async () => {
    const types = typesOf(await runExperiment()).join();
    assert.doesNotMatch(types, /Dashboard|Topic|Event|Repository/);
    assert.equal((await runExperiment()).result.dashboard, undefined);
  });

  it("shows all jobs of several experiments, with the metrics and machines of each", async () => {
    const config = parseConfig({
      train: "s3://data/train",
      val: "s3://data/val/",
      experiment: "dense",
      dashboard: true,
      metrics: { loss: "l=(.*)" },
      instanceType: "ml.c5.xlarge",
      experiments: { small: {}, big: { instanceType: "ml.g5.xlarge" } },
    });
    const program = await runProgram(
      () => new Sweep("dense", { ...config, variants: planSweep(config).variants }),
      {
        config: { "aws:region": "us-east-1" },
        lookups: { "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath: IMAGE } },
        preview: true,
      },
    );
    const boards = program.resources.filter(({ type }) => type === DASHBOARD);
    assert.equal(boards.length, 1);
    assert.deepEqual(Object.keys(searches(boardOf(program))), [
      "loss",
      "GPU (%)",
      "Processor and memory (%)",
      "Disk (%)",
    ]);
  });
});
