import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The resource types of a Pulumi SDK, with the names of all their inputs, nested ones too. */
export type PackageTypes = Record<string, string[]>;

/** Reads the types of an SDK for Node.js from its folder: the classes' own tokens, and the declarations of their arguments. */
export function packageTypes(root: string): PackageTypes {
  const nested = inputTypes(readFileSync(path.join(root, "types/input.d.ts"), "utf8"));
  const types: PackageTypes = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !file.endsWith(".js") || /node_modules|\/types\//.test(path.relative(root, file)))
      continue;
    const token = /static __pulumiType = '([^']+)'/.exec(readFileSync(file, "utf8"))?.[1];
    if (token === undefined) continue;
    const declaration = readFileSync(file.replace(/\.js$/, ".d.ts"), "utf8");
    const args = declaration.split(`export interface ${token.split(":").pop()}Args {`)[1] ?? "";
    types[token] = [...inputNames(args.split(/^}/m)[0] ?? "", nested)].sort();
  }
  return types;
}

/** The declarations of the nested inputs, by namespace and name as they are referred to: `sagemaker.AppResourceSpec`. */
function inputTypes(text: string): Map<string, string> {
  const types = new Map<string, string>();
  for (const part of text.split(/^(?=export declare namespace )/m)) {
    const namespace = /^export declare namespace (\w+)/.exec(part)?.[1];
    for (const declared of part.split(/^\s*(?:export )?interface /m).slice(1)) {
      const name = /^\w+/.exec(declared)?.[0] ?? "";
      types.set(namespace === undefined ? name : `${namespace}.${name}`, declared);
    }
  }
  return types;
}

function inputNames(
  body: string,
  nested: Map<string, string>,
  seen = new Set<string>(),
  names = new Set<string>(),
) {
  for (const [, name = "", type = ""] of body.matchAll(/^\s+(\w+)\??: (.*);$/gm)) {
    names.add(name);
    for (const [, reference = ""] of type.matchAll(/inputs\.((?:\w+\.)?\w+)/g)) {
      if (seen.has(reference)) continue;
      seen.add(reference);
      inputNames(nested.get(reference) ?? "", nested, seen, names);
    }
  }
  return names;
}

const machines = /(instance|node|machine|compute|worker)(type|types|class|size)$/i;
const carriers =
  /^(templateBody|templateUrl|desiredState|pipelineDefinition|definition|definitionString|.*sagemaker.*)$/i;
const trains =
  /(?<!cons)train|tuning|fineTun|autoMl|customModel|classifier|recognizer|predictor|forecast|notebook|provisionedModel|ExtensionResource/i;

/** The inputs by which a type may start training or leave machines running, or its own name; empty where nothing says so. */
export function signs(token: string, inputs: readonly string[]): string[] {
  const own = [token.split(":").slice(1).join(":")].filter(
    (name) => /^sagemaker[/:]/.test(name) || trains.test(name),
  );
  return [...own, ...inputs.filter((name) => machines.test(name) || carriers.test(name))];
}
