/** Why a deployment fails, in SageMaker's words: it becomes the endpoint's FailureReason. */
export class DeploymentFault extends Error {}

export const pingFailed = (variant: string) =>
  new DeploymentFault(
    `The primary container for production variant ${variant} did not pass the ping health check. Please check CloudWatch logs for this endpoint.`,
  );
