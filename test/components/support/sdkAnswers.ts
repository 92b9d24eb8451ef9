import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as pricing from "@aws-sdk/client-pricing";
import * as s3 from "@aws-sdk/client-s3";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import { awsApi } from "../../../components/trainingJob/aws/sdk";

/** The job of the tests. */
export const ARN = "arn:aws:sagemaker:us-east-1:111122223333:training-job/job";

export type Input = Record<string, unknown>;
type Answer = Input | Error | ((input: Input) => Input | Error);

/** The API over the SDK's own clients, of which only the sending is replaced: answers by command, in order. */
export function apiOver(
  answers: Record<string, Answer | Answer[]>,
  signal?: AbortSignal,
  verifyAccount = async () => {},
) {
  const sent: { command: string; input: Input }[] = [];
  const answer = async ({ constructor: kind, input }: { constructor: { name: string }; input: Input }) => {
    const command = kind.name.replace(/Command$/, "");
    sent.push({ command, input: structuredClone(input) });
    const planned = answers[command];
    const next = Array.isArray(planned) ? (planned.length > 1 ? planned.shift() : planned[0]) : planned;
    const value = typeof next === "function" ? next(input) : (next ?? {});
    if (value instanceof Error) throw value;
    return value;
  };
  const client = <T extends object>(made: T) => {
    const replaced = Object.assign(made, { send: answer });
    return () => replaced;
  };
  const settings = { region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } };
  const api = awsApi(
    {
      sagemaker: () => sagemaker,
      s3: () => s3,
      logs: () => logs,
      pricing: () => pricing,
      sagemakerClient: client(new sagemaker.SageMakerClient(settings)),
      s3Client: client(new s3.S3Client(settings)),
      logsClient: client(new logs.CloudWatchLogsClient(settings)),
      pricingClient: client(new pricing.PricingClient(settings)),
      account: async () => "111122223333",
      verifyAccount,
    },
    signal,
  );
  return { api, sent };
}
