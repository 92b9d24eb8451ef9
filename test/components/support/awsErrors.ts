/** An error as the AWS SDK throws it. */
export function awsError(name: string, message = name, status = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

export const validation = (message: string) => awsError("ValidationException", message);
export const throttled = () => awsError("ThrottlingException", "Rate exceeded");
export const expired = () =>
  awsError("ExpiredTokenException", "The security token included in the request is expired");
export const denied = (action: string) =>
  awsError("AccessDeniedException", `not authorized to perform ${action}`);
