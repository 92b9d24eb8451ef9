import type { Caller } from "../front/caller.ts";
import type { IssuedKey } from "../front/identity.ts";
import { askMinistack } from "../ministack/ask.ts";
import { conditionContext, logArn, resourceArn } from "./conditionKeys.ts";

/** Why a call is refused, as the service would say it. */
export interface Refusal {
  __type: string;
  message: string;
}

/** Asks ministack, which has the users, roles, sessions and policies. */
export class Authorizer {
  private readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** Whether a caller may call an operation of SageMaker or CloudWatch Logs: resolves with undefined where it may. */
  async refusal(
    service: "sagemaker" | "logs",
    operation: string,
    body: Buffer,
    caller: Pick<Caller, "accessKey" | "region" | "account">,
  ): Promise<Refusal | undefined> {
    const input = parse(body);
    const { accessKey, region, account } = caller;
    const about =
      service === "sagemaker"
        ? { resource: resourceArn(region, account, input), context: conditionContext(operation, input) }
        : { resource: logArn(region, account, input), context: {} };
    const refusal = await askMinistack(this.socketPath, "/_local/iam", {
      accessKey,
      action: `${service}:${operation}`,
      region,
      ...about,
    });
    return refusal as Refusal | undefined;
  }

  /** The secret of an access key that IAM or STS has given out and that is in force; undefined for any other. */
  async issuedKey(accessKey: string): Promise<IssuedKey | undefined> {
    return (await askMinistack(this.socketPath, "/_local/key", { accessKey })) as IssuedKey | undefined;
  }
}

/** What cannot be read is refused by the service itself, in its own words. */
function parse(body: Buffer): object {
  try {
    const input: unknown = JSON.parse(body.toString() || "{}");
    return typeof input === "object" && input !== null ? input : {};
  } catch {
    return {};
  }
}
