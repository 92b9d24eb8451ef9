import type { IncomingMessage } from "node:http";
import { posix } from "node:path";

/**
 * Why a request is refused, undefined when it may pass.
 *
 * A web page that a developer has open can reach loopback ports: browsers send Origin with what they post,
 * and a rebound DNS name shows in Host. AWS clients send neither.
 */
export function refusal(request: Pick<IncomingMessage, "headers" | "url">): string | undefined {
  // Browsers mark even the GET of an image with Sec-Fetch-Site; `none` is an address typed by the user.
  const site = request.headers["sec-fetch-site"];
  if (request.headers.origin !== undefined || (site !== undefined && site !== "none")) {
    return "requests from web pages are refused";
  }
  const host = request.headers.host ?? "";
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) {
    return "use http://127.0.0.1:PORT as the endpoint; the Host header names something else";
  }
  if (isInternalPath(request.url ?? "/")) return "ministack's own control paths are closed";
  return undefined;
}

/** The paths of ministack that are no AWS API (reset, config, health ...), however they are spelled. */
function isInternalPath(url: string): boolean {
  if (!url.startsWith("/")) return true; // a whole URL in the request line, as for a proxy
  let pathname: string;
  try {
    pathname = posix.normalize(decodeURIComponent(url.split("?")[0]));
  } catch {
    return true;
  }
  // No bucket name begins with an underscore.
  return pathname.startsWith("/_") && pathname !== "/_ministack/health" && !pathname.startsWith("/_local/");
}
