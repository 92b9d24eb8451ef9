import { controlHeaders } from "./front/sigv4.ts";
import type { RunningAws } from "./stateFiles.ts";

/**
 * Calls a control of a local AWS, `/_local/NAME`, as its owner.
 *
 * @param body JSON to POST; default a GET
 */
export function callControl(
  { endpoint, credentials }: Pick<RunningAws, "endpoint" | "credentials">,
  name: string,
  body?: string,
  signal?: AbortSignal,
): Promise<Response> {
  const url = new URL(`/_local/${name}`, endpoint);
  const method = body === undefined ? "GET" : "POST";
  const headers = controlHeaders({ method, url, body: body ?? "" }, credentials);
  return fetch(url, { method, headers, body, signal });
}
