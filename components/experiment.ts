import * as pulumi from "@pulumi/pulumi";
import type { ArtifactStore } from "./artifactStore";
import type { Dashboard } from "./dashboard";
import type { ExecutionRole } from "./executionRole";
import { createParts, type ExperimentArgs, jobArgs } from "./experimentParts";
import { formerJob } from "./formerJob";
import type { SourceBundle } from "./sourceBundle";
import type { TrainingImage } from "./trainingImage";
import { TrainingJob } from "./trainingJob/trainingJob";

export type { ExperimentArgs } from "./experimentParts";

/**
 * One experiment: code, data, hyperparameters and hardware in; a model artifact out. Creates the bucket, the source bundle and the
 * execution role that the job needs (or takes existing ones), picks the image, and runs the training job to its end.
 *
 * @example
 * const experiment = new Experiment("densenet121", loadConfig());
 * export const modelArtifact = experiment.job.modelArtifact;
 */
export class Experiment extends pulumi.ComponentResource {
  public readonly store: ArtifactStore;
  public readonly image: TrainingImage;
  public readonly code: SourceBundle;
  public readonly role: ExecutionRole;
  public readonly job: TrainingJob;
  /** Where it is asked for. */
  public readonly dashboard?: Dashboard;

  constructor(name: string, args: ExperimentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:Experiment", name, {}, opts);

    const parts = createParts(name, [args], this);
    const [image] = parts.images.values();
    this.image = image;
    this.store = parts.store;
    this.code = parts.code;
    this.role = parts.role;
    this.dashboard = parts.dashboard;
    const job = `${name}-training`;
    this.job = new TrainingJob(job, jobArgs(args, parts), {
      parent: this,
      dependsOn: parts.beforeJobs,
      aliases: [{ name: formerJob(job, args, (experiment) => `${name}-${experiment}-training`) }],
    });
    this.registerOutputs({ modelArtifact: this.job.modelArtifact });
  }
}
