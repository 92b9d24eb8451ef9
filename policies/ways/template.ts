import type { Properties } from "../lib/properties";
import { Unreadable } from "../lib/unreadable";

/** Functions of CloudFormation that have a short form in YAML: `!Sub` for `Fn::Sub`. */
const functions = [
  ..."And Base64 Cidr Equals FindInMap GetAtt GetAZs If ImportValue Join Length Not Or".split(" "),
  ..."Select Split Sub ToJsonString Transform".split(" "),
];
const shortForms: readonly (readonly [string, string])[] = [
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
  ...functions.map((name) => [`!${name}`, `Fn::${name}`] as const),
];

/** The parser takes a dot alone for a number. */
const loneDot = {
  tag: "tag:yaml.org,2002:str",
  default: true,
  test: /^\.$/,
  resolve: (text: string) => text,
};

/** The last template that was read: every rule asks for the same one. */
let last: { text: string; template: Properties } | undefined;

/** A template in JSON or YAML. Throws Unreadable where it is neither. */
export function parsedTemplate(body: unknown, where: string): Properties {
  if (typeof body !== "string") return body as Properties;
  if (last?.text !== body) last = { text: body, template: parse(body, where) };
  return last.template;
}

function parse(text: string, where: string): Properties {
  const template = text.trimStart().startsWith("{") ? json(text, where) : yaml(text, where);
  if (typeof template !== "object" || template === null) throw new Unreadable(where, "it is no template");
  return template as Properties;
}

function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // YAML takes braces too.
    return yaml(text, where);
  }
}

function yaml(text: string, where: string): unknown {
  // Loaded when a stack has a template in YAML: few do, and every deployment waits for the pack to load.
  const { parse } = require("yaml") as typeof import("yaml");
  const customTags = shortForms.flatMap(([tag, name]) => [
    { tag, resolve: (value: string) => ({ [name]: name === "Fn::GetAtt" ? value.split(".") : value }) },
    ...(["seq", "map"] as const).map((collection) => ({
      tag,
      collection,
      resolve: (value: unknown) => ({ [name]: (value as { toJSON(): unknown }).toJSON() }),
    })),
  ]);
  try {
    // The version of CloudFormation, with `yes`, `1_000` and octal numbers; but for dates, which it leaves as texts.
    const tags = (known: { tag?: string }[]) => [
      loneDot,
      ...known.filter(({ tag }) => tag !== "tag:yaml.org,2002:timestamp"),
      ...customTags,
    ];
    return parse(text, { version: "1.1", customTags: tags as never, logLevel: "silent" });
  } catch (error) {
    throw new Unreadable(where, (error as Error).message.split("\n")[0] ?? "");
  }
}
