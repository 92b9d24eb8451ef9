import { Agent, get } from "node:http";
import { controlHeaders } from "./front/sigv4.ts";
import type { Health, RunningAws } from "./stateFiles.ts";

/**
 * Asks a local AWS how it is; undefined when nobody answers in time, or somebody else does.
 *
 * Through an agent of its own: with NODE_USE_ENV_PROXY, `fetch` and Node's own agent ask a proxy for 127.0.0.1 too.
 */
export function askHealth(
  { endpoint, credentials }: Pick<RunningAws, "endpoint" | "credentials">,
  timeoutMs: number,
): Promise<Health | undefined> {
  return new Promise((resolve) => {
    const agent = new Agent();
    const signal = AbortSignal.timeout(timeoutMs);
    const url = new URL("/_local/health", endpoint);
    const headers = controlHeaders({ method: "GET", url, body: "" }, credentials);
    const request = get(url, { agent, signal, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.once("error", () => resolve(undefined));
      answer.once("end", () => resolve(answer.statusCode === 200 ? parse(text) : undefined));
    });
    request.once("error", () => resolve(undefined));
  });
}

function parse(text: string): Health | undefined {
  try {
    return JSON.parse(text) as Health;
  } catch {
    return undefined;
  }
}
