import type { IncomingMessage } from "node:http";

/**
 * Why a request is refused, undefined when it may pass.
 *
 * A web page that a developer has open can reach loopback ports: browsers send Origin with what they post,
 * and a rebound DNS name shows in Host. AWS clients send neither.
 */
export function refusal(request: Pick<IncomingMessage, "headers" | "url">): string | undefined {
  if (request.headers.origin !== undefined) return "requests from web pages are refused";
  const host = request.headers.host ?? "";
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) {
    return "use http://127.0.0.1:PORT as the endpoint; the Host header names something else";
  }
  if (isInternalPath(request.url ?? "/")) return "ministack's own control paths are closed";
  return undefined;
}

/** The paths of ministack that are no AWS API (reset, config, health ...), however they are spelled. */
function isInternalPath(url: string): boolean {
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(url, "http://127.0.0.1").pathname);
  } catch {
    return true;
  }
  if (pathname === "/_ministack/health" || pathname.startsWith("/_local/")) return false;
  // No bucket name begins with an underscore.
  return /^[/\\]+(\.+[/\\]+)*_/.test(pathname) || !url.startsWith("/");
}
