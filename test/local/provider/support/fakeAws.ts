import type { Aws } from "../../../../local/provider/aws.ts";

type Answer = unknown | ((input: Record<string, unknown>) => unknown);

export interface Call {
  operation: string;
  input: Record<string, unknown>;
}

export interface FakeAws extends Aws {
  readonly calls: Call[];
}

/** An error as the AWS SDK throws it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** AWS at the boundary: records every call, and answers by operation (`s3.headBucket`) with a value, a function or an error. */
export function fakeAws(answers: Record<string, Answer> = {}, region = "us-east-1"): FakeAws {
  const calls: Call[] = [];
  const service = (name: string) => async () =>
    new Proxy(
      {},
      {
        get: (_, method) => {
          if (method === "then") return undefined;
          return async (input: Record<string, unknown>) => {
            const operation = `${name}.${String(method)}`;
            calls.push({ operation, input });
            const answer = answers[operation];
            const value = typeof answer === "function" ? answer(input) : answer;
            if (value instanceof Error) throw value;
            return value ?? {};
          };
        },
      },
    ) as never;
  return {
    calls,
    region,
    pause: async () => undefined,
    cloudwatch: service("cloudwatch"),
    ecr: service("ecr"),
    eventbridge: service("eventbridge"),
    iam: service("iam"),
    logs: service("logs"),
    s3: service("s3"),
    sagemaker: service("sagemaker"),
    sns: service("sns"),
    sts: service("sts"),
  };
}

/** The inputs of the calls of one operation. */
export function inputsOf(aws: FakeAws, operation: string): Record<string, unknown>[] {
  return aws.calls.filter((call) => call.operation === operation).map((call) => call.input);
}
