import { credentialFormat, mayBeCredential, normalName } from "../lib/credentials";
import { matches } from "../lib/text";
import { trainingRule } from "../training/rule";

interface Config {
  credentialNames: string[];
  allowedNames: string[];
}

export const noPlaintextCredentials = trainingRule<Config>({
  name: "no-plaintext-credentials",
  description:
    "No credentials in hyperparameters, environment, arguments or tags, which SageMaker shows in plain text.",
  enforcementLevel: "advisory",
  severity: "critical",
  configSchema: {
    properties: {
      credentialNames: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [
          "*password*",
          "*passwd*",
          "*passphrase*",
          "*secret*",
          "*credential*",
          "*api_key",
          "*apikey",
          "*access_key",
          "*private_key*",
          "token",
          "*_token",
        ],
        description:
          "Names, in lower case with `_` between words, whose values are credentials; `*` stands for any characters. Well-known formats of tokens are found under any name.",
      },
      allowedNames: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Names, as they are written, that may hold what looks like a credential.",
      },
    },
  },
  check: ({ spec, config, report, look }) => {
    const visit = (path: string, name: string, holder: Record<string, unknown>, key: string) =>
      look(() => {
        const value = holder[key];
        if (typeof value === "object" && value !== null) {
          for (const inner of Object.keys(value)) {
            const innerName = Array.isArray(value) ? name : inner;
            visit(`${path}.${inner}`, innerName, value as Record<string, unknown>, inner);
          }
          return;
        }
        const kind = matches(name, config.allowedNames) ? undefined : credentialKind(name, value, config);
        if (kind !== undefined) {
          report({
            found: `holds ${kind} in ${path}`,
            limit: "SageMaker shows the value to everybody who may describe the job",
            fix: "Keep it in Secrets Manager, pass its ARN, and let the script read it with the execution role",
          });
        }
      });
    for (const { where, values } of spec.shownValues) {
      look(() => {
        const holder = values() as Record<string, unknown>;
        for (const key of Object.keys(holder)) {
          visit(`${where}.${key}`, Array.isArray(holder) ? "" : key, holder, key);
        }
      });
    }
  },
});

/** What to call the credential that a setting holds, without giving it away; undefined for a harmless one. */
function credentialKind(name: string, value: unknown, config: Config): string | undefined {
  const format = credentialFormat(String(value));
  if (format !== undefined) {
    return format;
  }
  const normal = normalName(name);
  return matches(normal, config.credentialNames) && mayBeCredential(normal, value)
    ? "a credential, by its name,"
    : undefined;
}
