import { type AwsSession, awsSession } from "../../../components/trainingJob/aws/session";

export const REGION = { "aws:region": "eu-west-1" };
export const KEYS = { "aws:accessKey": "AKIA", "aws:secretKey": "secret" };

/** A session by the stack's configuration; structured values as JSON, as the engine hands them over. */
export const session = (config: Record<string, unknown> = {}, region?: string): AwsSession =>
  awsSession((key) => {
    const value = config[key];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  }, region);
