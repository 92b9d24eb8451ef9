import {
  assigned,
  credentialFormat,
  jsonInside,
  looksRandom,
  mayBeCredential,
  normalName,
} from "../lib/credentials";
import { matches } from "../lib/text";
import { trainingRule } from "../training/rule";

interface Config {
  credentialNames: string[];
  randomNames: string[];
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
          "*pwd*",
          "pass",
          "*_pass",
          "pw",
          "*_pw",
        ],
        description:
          "Names, in lower case with `_` between words, whose values are credentials; `*` stands for any characters. Well-known formats of tokens are found under any name.",
      },
      randomNames: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["key", "*_key", "*key_*", "*auth*", "*connection*", "*_dsn", "dsn", "*vault*", "wandb*"],
        description:
          "Names, in the same form, whose values are credentials where they look random: 16 characters and more of letters and digits without a pattern.",
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
    const visit = (path: string, name: string, holder: Holder, key: string) =>
      look(() => {
        const given = holder[key];
        const value = jsonInside(given) ?? given;
        if (typeof value === "object" && value !== null) {
          visitAll(path, name, value as Holder);
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
    const visitAll = (path: string, name: string, holder: Holder) => {
      for (const key of Object.keys(holder)) {
        look(() => visit(`${path}.${key}`, nameOf(name, holder, key), holder, key));
      }
    };
    for (const { where, values } of spec.shownValues) {
      look(() => visitAll(where, "", values() as Holder));
    }
  },
});

type Holder = Record<string, unknown>;

/**
 * What a value is called: by its key; in a list, by the option before it (`--password`, then the value) or else as the list is; and by the
 * `name` beside it, as the ranges of a tuning job are written.
 */
function nameOf(listName: string, holder: Holder, key: string): string {
  if (Array.isArray(holder)) {
    const [, option] = /^--?([\w.-]+)$/.exec(optionBefore(holder, Number(key))) ?? [];
    return option ?? listName;
  }
  return /^values?(Hint)?$/.test(key) && typeof holder.name === "string" ? holder.name : key;
}

function optionBefore(list: unknown[], index: number): string {
  try {
    return index > 0 ? String(list[index - 1]) : "";
  } catch {
    // Not known yet: the look at that entry tells.
    return "";
  }
}

/** What to call the credential that a setting holds, without giving it away; undefined for a harmless one. */
function credentialKind(name: string, value: unknown, config: Config): string | undefined {
  const text = String(value ?? "");
  const [, option, rest = ""] = /^--?([\w.-]+)=(.*)$/s.exec(text) ?? [];
  const format = credentialFormat(text);
  if (format !== undefined) return format;
  if (option !== undefined) return credentialKind(option, rest, config);
  return kindByName(name, value, config) ?? kindInside(text, config);
}

/** The credential that a command line, a URL or the like gives to a name inside of it. */
function kindInside(text: string, config: Config): string | undefined {
  for (const { name, value } of assigned(text)) {
    const kind = matches(name, config.allowedNames) ? undefined : kindByName(name, value, config);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function kindByName(name: string, value: unknown, config: Config): string | undefined {
  const text = String(value ?? "");
  const normal = normalName(name);
  if (matches(normal, config.credentialNames) && mayBeCredential(normal, value)) {
    return "a credential, by its name,";
  }
  const isRandom = matches(normal, config.randomNames) && mayBeCredential(normal, value) && looksRandom(text);
  return isRandom ? "a random text under the name of a credential" : undefined;
}
