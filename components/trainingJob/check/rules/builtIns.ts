import type { View } from "../../args/view";

/** The account that the job runs in, if it is known: that of its role. */
export function accountOf(view: View): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):/.exec(view.text("roleArn") ?? "")?.[1];
}

// Developer guide, "Docker registry paths", by what "Checkpoints in Amazon SageMaker" says of them.
const UNCHECKPOINTED =
  /\/(blazingtext|factorization-machines|forecasting-deepar|ipinsights|kmeans|knn|lda|linear-learner|ntm|object2vec|pca|randomcutforest|seq2seq)[:@]/;
const CHECKPOINTED = /\/(image-classification|object-detection|semantic-segmentation|xgboost)[:@]/;
/** Takes a script too, and counts as one of SageMaker's algorithms all the same. */
const SCRIPTED = /\/sagemaker-xgboost[:@]/;

/** What is known of the image of one of SageMaker's own algorithms. */
export interface BuiltIn {
  checkpoints: boolean;
  takesScript: boolean;
}

/** The built-in algorithm that the job runs; undefined for every other image, and for one of that name in the job's own account. */
export function builtInOf(view: View): BuiltIn | undefined {
  const image = view.text("algorithmSpecification.trainingImage") ?? "";
  const registry = /^(\d{12})\.dkr\.ecr\./.exec(image)?.[1];
  const own = accountOf(view);
  if (!registry || !own || registry === own) return undefined;
  if (SCRIPTED.test(image)) return { checkpoints: true, takesScript: true };
  if (CHECKPOINTED.test(image)) return { checkpoints: true, takesScript: false };
  return UNCHECKPOINTED.test(image) ? { checkpoints: false, takesScript: false } : undefined;
}
