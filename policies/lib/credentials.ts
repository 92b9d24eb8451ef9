/** Formats of credentials that tell themselves apart from anything else, with what to call them. */
const formats: readonly (readonly [string, RegExp])[] = [
  ["an AWS access key", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a JSON web token", /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s:/@]+@/i],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/],
  ["a GitLab token", /\bglpat-[\w-]{20,}/],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,}/],
  ["a secret key of an AI service", /\bsk-[\w-]{20,}/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{20,}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}/],
  ["a PyPI token", /\bpypi-[\w-]{50,}/],
  ["a Pulumi access token", /\bpul-[a-f0-9]{40}\b/],
  ["a Databricks token", /\bdapi[a-f0-9]{32}\b/],
];

/** What kind of credential a text holds by its format; undefined where it is none that is known. */
export function credentialFormat(value: string): string | undefined {
  return formats.find(([, format]) => format.test(value))?.[0];
}

/** `dbPassword`, `DB-PASSWORD` -> `db_password`: the form in which names are compared. */
export function normalName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
}

/** Names that say where a credential is kept rather than what it is. */
const pointer = /_(arn|name|id|path|file|uri|url|key_id)$/;
/** Values that say where a credential is kept. */
const reference = /^(arn:|s3:|ssm:|secretsmanager:|\{\{resolve:)/;

/** Whether a setting whose name stands for a credential holds one, and not only where to find it. */
export function mayBeCredential(name: string, value: unknown): boolean {
  if (typeof value !== "string" || value === "" || reference.test(value) || pointer.test(name)) {
    return false;
  }
  // `pad_token`, `eos_token`: language models have tokens that are no secrets, and these are short or marked.
  return !/(^|_)token$/.test(name) || /^[\w+/=.~-]{12,}$/.test(value);
}
