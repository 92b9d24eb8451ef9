import { posix } from "node:path";

/** What a request line asks for, read once: checks and handlers see the same spelling. */
export interface Target {
  /** Path as it was sent, percent-encoded: what a signature covers. */
  path: string;
  /** Names and values of the query, decoded, in the order they were sent. */
  query: [name: string, value: string][];
  /** Whether the path, however it is spelled, begins with an underscore, as no bucket name does. */
  internal: boolean;
  /** What a call to `/_local/*` asks for, such as `faults`; undefined for every other spelling of such a path. */
  control: string | undefined;
}

/** Undefined for what is no path: a whole URL, as for a proxy, or a broken encoding. */
export function readTarget(url: string): Target | undefined {
  if (!url.startsWith("/")) return undefined;
  const [path, ...rest] = url.split("?");
  try {
    const query = rest.join("?").split("&").filter(Boolean).map(readPair);
    const normalized = posix.normalize(decodeURIComponent(path));
    const control = /^\/_local\/(\w+)$/.exec(path)?.[1];
    return { path, query, internal: normalized.startsWith("/_"), control };
  } catch {
    return undefined;
  }
}

/** The value of a query parameter; undefined when it is not there. */
export function queryValue({ query }: Target, name: string): string | undefined {
  return query.find(([key]) => key === name)?.[1];
}

function readPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
  return [decodeURIComponent(name), decodeURIComponent(value)];
}
