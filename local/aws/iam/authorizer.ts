import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Caller } from "../front/caller.ts";
import { conditionContext, resourceArn } from "./conditionKeys.ts";

/** Why a call is refused, as the service would say it. */
export interface Refusal {
  __type: string;
  message: string;
}

/**
 * Asks ministack, which has the users, roles and policies, whether a caller may call SageMaker. The call goes along as it came,
 * so that its signature can be verified, with what IAM has condition keys for.
 */
export class Authorizer {
  private readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** Resolves with undefined for a call that is allowed. */
  async refusal(
    operation: string,
    call: IncomingMessage,
    body: Buffer,
    caller: Caller,
  ): Promise<Refusal | undefined> {
    const input = parse(body);
    const question = {
      action: `sagemaker:${operation}`,
      region: caller.region,
      resource: resourceArn(caller.region, caller.account, input),
      context: conditionContext(operation, input),
      call: { method: call.method, url: call.url, headers: call.rawHeaders, body: body.toString("base64") },
    };
    const answer = await this.ask(JSON.stringify(question));
    return answer.status === 200 ? undefined : (JSON.parse(answer.body) as Refusal);
  }

  private ask(question: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      // The front lets nobody else reach this path.
      const asked = httpRequest(
        { socketPath: this.socketPath, method: "POST", path: "/_local/iam" },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.once("end", () =>
            resolve({ status: answer.statusCode ?? 500, body: Buffer.concat(chunks).toString() }),
          );
          answer.once("error", reject);
        },
      );
      asked.once("error", reject);
      asked.end(question);
    });
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
