import { readFileSync } from "node:fs";
import ts from "typescript";

export interface SdkType {
  /** The properties of the resource's class, without `id` and `urn`. */
  outputs: string[];
  /** The properties of its arguments that must be given. */
  required: string[];
}

/** What @pulumi/aws declares of a type, read from its declaration file by TypeScript's own parser. */
export function sdkType(token: string): SdkType {
  const [, module, className] = token.split(":");
  const file = require.resolve(`@pulumi/aws/${module}.d.ts`);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const outputs: string[] = [];
  const required: string[] = [];
  for (const statement of source.statements) {
    if (ts.isClassDeclaration(statement) && statement.name?.text === className) {
      outputs.push(...statement.members.filter(isInstanceProperty).map(nameOf));
    }
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === `${className}Args`) {
      required.push(...statement.members.filter((member) => !member.questionToken).map(nameOf));
    }
  }
  return { outputs, required };
}

function isInstanceProperty(member: ts.ClassElement): member is ts.PropertyDeclaration {
  const isStatic = (modifier: ts.ModifierLike) => modifier.kind === ts.SyntaxKind.StaticKeyword;
  return ts.isPropertyDeclaration(member) && !member.modifiers?.some(isStatic);
}

function nameOf(member: ts.ClassElement | ts.TypeElement): string {
  if (!member.name || !ts.isIdentifier(member.name)) throw new Error("a property without a plain name");
  return member.name.text;
}
