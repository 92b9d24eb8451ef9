import type { IncomingMessage } from "node:http";
import type { Target } from "./target.ts";

/**
 * Why a request is refused before it is asked who sends it, undefined when it may pass.
 *
 * A web page that a developer has open can reach loopback ports: browsers send Origin with what they post,
 * and a rebound DNS name shows in Host. AWS clients send neither.
 */
export function refusal(
  request: Pick<IncomingMessage, "headers">,
  target: Target | undefined,
): string | undefined {
  // Browsers mark even the GET of an image with Sec-Fetch-Site; `none` is an address typed by the user.
  const site = request.headers["sec-fetch-site"];
  if (request.headers.origin !== undefined || (site !== undefined && site !== "none")) {
    return "requests from web pages are refused";
  }
  const host = request.headers.host ?? "";
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) {
    return "use http://127.0.0.1:PORT as the endpoint; the Host header names something else";
  }
  // ministack has paths that are no AWS API: reset, configuration, health ...
  if (target === undefined || (target.internal && target.control === undefined)) {
    return "ministack's own control paths are closed";
  }
  return undefined;
}
