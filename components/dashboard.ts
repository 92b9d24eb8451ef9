import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { dashboardBody } from "./dashboardBody";
import { namePrefix } from "./trainingJob/identity/name";
import { consoleHost } from "./trainingJob/state/facts";

export interface DashboardArgs {
  /** Name of the experiment, with which the names of its jobs begin. */
  experiment: string;
  /** Names of the metrics that are read off the log, the one to watch first. */
  metrics: string[];
  /** Whether a job has a GPU. */
  gpu: boolean;
  /** Name of the stack's bucket: it tells stacks of one name apart. */
  bucket: pulumi.Input<string>;
}

/**
 * A CloudWatch dashboard of the experiment's jobs: a curve of each metric, how busy GPU, processor, memory and disk are, and the log. It
 * looks for the jobs by the experiment's name, so it shows a job from its first minute on, and earlier ones beside it.
 *
 * @example
 * const { url } = new Dashboard("dashboard", { experiment: "densenet121", metrics: ["val_loss"], gpu: true, bucket: store.bucket });
 */
export class Dashboard extends pulumi.ComponentResource {
  /** Its page in the console. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:Dashboard", name, {}, opts);

    const prefix = namePrefix(args.experiment);
    const { region } = aws.getRegionOutput({}, { parent: this });
    const { dashboardName } = new aws.cloudwatch.Dashboard(
      `${name}-board`,
      {
        dashboardName: pulumi.output(args.bucket).apply((bucket) => nameOf(args.experiment, bucket)),
        dashboardBody: region.apply((each) =>
          JSON.stringify(dashboardBody({ ...args, prefix, region: each })),
        ),
      },
      { parent: this },
    );
    this.url = pulumi
      .all([region, dashboardName])
      .apply(
        ([where, board]) =>
          `https://${consoleHost(where)}/cloudwatch/home?region=${where}#dashboards/dashboard/${board}`,
      );
    this.registerOutputs({ url: this.url });
  }
}

/** A dashboard of the same name would be overwritten without a word, and a colleague's stack may well be called the same. */
function nameOf(experiment: string, bucket: string): string {
  const digest = createHash("sha256").update(bucket).digest("hex").slice(0, 7);
  return `${pulumi.getProject()}-${pulumi.getStack()}-${experiment}-${digest}`.replace(/[^\w-]/g, "-");
}
