// Writes the tables of docs/training-job-inputs.md from the types of the TrainingJob resource.
// Run it with `tsx docs/inputs.ts`; test/docs.spec.ts holds the page against it.
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

export const PAGE = path.join(__dirname, "training-job-inputs.md");
const BEGIN = "<!-- Generated from the types by `tsx docs/inputs.ts`. Change the types, not this part. -->";
const END = "<!-- End of the generated part. -->";

const SOURCES = ["args.ts", "compute.ts", "data.ts", "observe.ts"];
/** The interfaces whose properties are those of the resource itself, with the titles of their sections. */
const TOP = { ApiInputs: "Of CreateTrainingJob", OwnInputs: "Of this resource", Shorthands: "Shorthands" };
/** Not for users: what `check` makes of the inputs. */
const HIDDEN = ["TrainingJobInputs", "CanonicalInputs"];

interface Row {
  /** With a question mark when it may be left out. */
  name: string;
  type: string;
  text: string;
}

/** The page with its generated part renewed. */
export function renewed(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`the page has no part between "${BEGIN}" and "${END}"`);
  return `${before}${BEGIN}\n\n${sections(readTypes())}\n\n${END}${after}`;
}

interface Types {
  interfaces: ts.InterfaceDeclaration[];
  /** Names of unions of literals, and what they stand for. */
  unions: Map<string, string>;
}

function readTypes(): Types {
  const types: Types = { interfaces: [], unions: new Map() };
  for (const name of SOURCES) {
    const file = path.join(__dirname, "../components/trainingJob/args", name);
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement) && !HIDDEN.includes(statement.name.text)) {
        types.interfaces.push(statement);
      } else if (ts.isTypeAliasDeclaration(statement) && isLiterals(statement.type)) {
        types.unions.set(statement.name.text, statement.type.getText());
      }
    }
  }
  return types;
}

const isLiterals = (type: ts.TypeNode): boolean =>
  ts.isUnionTypeNode(type) && type.types.every((each) => ts.isLiteralTypeNode(each));

function sections(types: Types): string {
  const top = Object.keys(TOP);
  const ordered = [
    ...types.interfaces.filter((each) => top.includes(each.name.text)),
    ...types.interfaces.filter((each) => !top.includes(each.name.text)),
  ];
  return ordered
    .map((each) => {
      const name = each.name.text;
      const title = TOP[name as keyof typeof TOP] ?? name;
      const rows = each.members.flatMap((member) => rowsOf(member, "", types));
      return [`## ${title}`, commentOf(each), table(rows)].filter(Boolean).join("\n\n");
    })
    .join("\n\n");
}

/** The row of a property, followed by those of the properties in it where its type has no name. */
function rowsOf(member: ts.Node, path: string, types: Types): Row[] {
  if (!ts.isPropertySignature(member) || !member.type) return [];
  const text = commentOf(member);
  if (text.startsWith("Set by the resource")) return [];
  const name = `${path}${member.name.getText()}`;
  const shown = `${name}${member.questionToken ? "?" : ""}`;
  if (ts.isTypeLiteralNode(member.type)) {
    const inner = member.type.members.flatMap((each) => rowsOf(each, `${name}.`, types));
    return [{ name: shown, type: "object", text }, ...inner];
  }
  return [{ name: shown, type: typeText(member.type, types), text }];
}

/** A type as the page shows it: with a link where it has a section, spelled out where it is a few literals. */
function typeText(type: ts.TypeNode, { interfaces, unions }: Types): string {
  const text = type.getText().replace(/\s+/g, " ");
  const [, name = "", list = ""] = /^(\w+)(\[\])?$/.exec(text) ?? [];
  if (interfaces.some((each) => each.name.text === name)) {
    return `[${name}](#${name.toLowerCase()})${list === "" ? "" : " list"}`;
  }
  return `\`${unions.get(text) ?? text}\``;
}

/** The JSDoc comment of a node as one line. Outside code, an angle bracket would begin HTML. */
function commentOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = (ts.getTextOfJSDocComment(doc?.comment) ?? "").replace(/\s+/g, " ").trim();
  return text.replace(/`[^`]*`|</g, (found) => (found === "<" ? "&lt;" : found));
}

/** A table with columns of one width, as the formatter of the project wants it. */
function table(rows: Row[]): string {
  const cells = rows.map(({ name, type, text }) =>
    [`\`${name}\``, type, text].map((cell) => cell.replaceAll("|", "\\|")),
  );
  const lines = [["Property", "Type", ""], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const [head, ...body] = lines.map((line) => pad(line, widths));
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body].join("\n");
}

const pad = (cells: string[], widths: number[]): string =>
  `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;

if (require.main === module) writeFileSync(PAGE, renewed(readFileSync(PAGE, "utf8")));
