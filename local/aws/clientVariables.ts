/** What the environment tells AWS clients, kept to the local AWS. */

/**
 * Closes the places where a client looks for credentials and endpoints on its own. A variable that is only left out
 * refuses nothing: the client goes on to the next place, at last to the user's files.
 */
export const closedSources = {
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_CONFIG_FILE: "/dev/null",
  BOTO_CONFIG: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  // Else a client would pass over AWS_ENDPOINT_URL and call AWS.
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
} as const;

/** An address where nobody answers: port 9 is that of the discard service, which no machine runs any more. */
export const NOWHERE = "http://127.0.0.1:9";

/** The variables that say how a client behaves, not whom it calls, nor as whom. */
const harmless = new Set([
  "AWS_CLI_AUTO_PROMPT",
  "AWS_DEFAULT_OUTPUT",
  "AWS_DEFAULT_REGION",
  "AWS_MAX_ATTEMPTS",
  "AWS_PAGER",
  "AWS_REQUEST_CHECKSUM_CALCULATION",
  "AWS_RESPONSE_CHECKSUM_VALIDATION",
  "AWS_RETRY_MODE",
]);

/**
 * Whether a variable could lead a client away from the local AWS: endpoints of single services, profiles, roles, tokens, and
 * whatever else comes to begin with AWS_.
 */
export function leadsAway(name: string): boolean {
  return /^(AWS|BOTO)_/.test(name) && !harmless.has(name);
}

/** `NO_PROXY` in each of its spellings, as it is and with this machine added: no proxy reaches a loopback address. */
export function withoutProxy(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ["NO_PROXY", "no_proxy", ...(env.no_grpc_proxy === undefined ? [] : ["no_grpc_proxy"])];
  return Object.fromEntries(
    names.map((name) => [name, addLoopback(env[name] ?? env.no_proxy ?? env.NO_PROXY ?? "")]),
  );
}

function addLoopback(list: string): string {
  const hosts = list.split(",").map((host) => host.trim());
  if (hosts.includes("*")) return "*"; // which counts on its own only
  return [...new Set([...hosts, "127.0.0.1", "localhost"])].filter(Boolean).join(",");
}
