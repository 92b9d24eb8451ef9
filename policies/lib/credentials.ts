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
  ["a Vault token", /\bhv[sbr]\.[\w-]{20,}/],
  ["a Weights & Biases key", /\blocal-[a-f0-9]{40}\b/],
  ["a Sentry DSN", /\bhttps?:\/\/[a-f0-9]{32}@/],
  ["a password of a connection string", /(^|[\s;,&?])(password|passwd|pwd)\s*=\s*[^\s;,&$]+/i],
  ["an NVIDIA API key", /\bnvapi-[\w-]{30,}/],
  ["a SendGrid key", /\bSG\.[\w-]{20,}\.[\w-]{40,}/],
  ["a webhook of Slack", /\bhooks\.slack\.com\/services\/T\w+\/B\w+\/\w{20,}/],
  ["a webhook of Discord", /\bdiscord(app)?\.com\/api\/webhooks\/\d+\/[\w-]{50,}/],
  ["a signed URL", /[?&](sig|X-Amz-Signature)=[\w%+/-]{30,}/i],
  ["a bearer token", /\bBearer\s+(?=\S*\d)[\w+/=.~-]{16,}/i],
];

/** What kind of credential a text holds by its format; undefined where it is none that is known. */
export function credentialFormat(value: string): string | undefined {
  const format = formats.find(([, pattern]) => pattern.test(value))?.[0];
  if (format !== undefined) return format;
  if (holdsBasicAuthorization(value)) return "a user and password";
  return holdsAwsSecret(value) ? "what looks like an AWS secret key" : undefined;
}

/** `Basic dXNlcjpwYXNz`, which stands for `user:pass`. */
function holdsBasicAuthorization(value: string): boolean {
  const [, encoded] = /\bBasic\s+([A-Za-z0-9+/]{6,}={0,2})/i.exec(value) ?? [];
  return (
    encoded !== undefined &&
    /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(encoded, "base64").toString("latin1"))
  );
}

/** 40 characters of base64 with letters of both cases and digits, as random as such a key is: no hash, no path. */
function holdsAwsSecret(value: string): boolean {
  const parts = value.match(/(?<![A-Za-z0-9+/=_.-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_.-])/g) ?? [];
  return parts.some(
    (part) => /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part) && entropy(part) >= 4.2,
  );
}

/** Bits per character by how often each occurs: about 2.5 for a word, 3.5 for 16 random characters, 4.7 for 40. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (bits, count) => bits - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}

/** Whether a text is one run of random letters and digits, as keys are, and not words, a path, a version or a number. */
export function looksRandom(value: string): boolean {
  if (!/^[\w+/=.~-]{16,}$/.test(value) || isUuid(value)) return false;
  // Words have their digits at one end, if any: `DenseNet121`, `part-00001`.
  const switches = value.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return switches >= 3 && entropy(value) >= 3.3;
}

const isUuid = (value: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** `dbPassword`, `DB-PASSWORD` -> `db_password`: the form in which names are compared. */
export function normalName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+/, "")
    .toLowerCase();
}

/** Names that say where a credential is kept rather than what it is, and what such a value looks like. */
const pointers: readonly (readonly [RegExp, RegExp])[] = [
  [/_arn$/, /^arn:/],
  [/_(path|file|uri|url)$/, /[/.]/],
  [/credentials?$/, /^(~|\.{0,2})\/[\w./-]+$/],
  [/_(name|id)$/, /^[A-Za-z][\w/.@:-]*$/],
];
/** Values that say where a credential is kept, whether something is so, or how much of it. */
const harmless =
  /^(arn:|s3:|ssm:|secretsmanager:|\{\{resolve:|\$)|^(true|false|yes|no|none|null|\d{1,3}(\.\d{1,3})?)$/i;

/** Whether a setting whose name stands for a credential holds one, and not only where to find it. */
export function mayBeCredential(name: string, value: unknown): boolean {
  if (typeof value !== "string" || value === "" || harmless.test(value)) return false;
  const pointer = pointers.find(([names]) => names.test(name));
  if (pointer !== undefined) return !isUuid(value) && (!pointer[1].test(value) || looksRandom(value));
  // `pad_token`, `eos_token`: language models have tokens that are no secrets, and these are short or marked.
  return !/(^|_)token$/.test(name) || /^[\w+/=.~-]{12,}$/.test(value);
}

/** `name=value`, as in a shell, a URL or a connection string, and `--name value`. */
const assignments = [
  /(?:^|[\s;,&?"'({])-{0,2}([A-Za-z_][\w.-]*)=("[^"]*"|'[^']*'|[^\s;,&"')}]+)/g,
  /(?:^|\s)--?([A-Za-z][\w.-]*)\s+(?!-)("[^"]*"|'[^']*'|\S+)/g,
];

/** The values that a text of several words gives to names, such as a command line. */
export function assigned(text: string): { name: string; value: string }[] {
  return assignments.flatMap((form) =>
    Array.from(text.matchAll(form), ([, name = "", value = ""]) => ({
      name,
      value: value.replace(/^(["'])(.*)\1$/, "$2"),
    })),
  );
}

/** What a text stands for that is JSON with something inside; undefined for every other. */
export function jsonInside(text: unknown): object | undefined {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
