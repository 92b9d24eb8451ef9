import * as pulumi from "@pulumi/pulumi";
import type { TrainingJob } from "./trainingJob/trainingJob";

/** A trained model, as one stack hands it on to the next. */
export interface Model {
  /** S3 URI of its model.tar.gz. */
  artifact: string;
  /** URI of the image that it was trained in. */
  image: string;
  trainingJobName: string;
  /** Metric name -> its last value. */
  metrics: Record<string, number>;
}

/** The model of a job; undefined where it has none. */
export const modelOf = (
  job: Pick<TrainingJob, "modelArtifact" | "image" | "trainingJobName" | "metrics">,
): pulumi.Output<Model | undefined> =>
  pulumi
    .all([job.modelArtifact, job.image, job.trainingJobName, job.metrics])
    .apply(([artifact, image, trainingJobName, metrics]) =>
      artifact ? { artifact, image, trainingJobName, metrics } : undefined,
    );
