/** What a function (a data source in the AWS provider) declares about itself. */

import type { Aws } from "./aws.ts";
import type { Values } from "./values.ts";

export interface ProviderFunction {
  /** Token, as in @pulumi/aws. */
  readonly token: string;
  /** `args` may be incomplete: a function checks what it needs. */
  invoke(aws: Aws, args: Values): Promise<Values>;
}

/** The argument's text. @throws Error when it is missing */
export function textArgument(args: Values, name: string): string {
  const value = optionalText(args, name);
  if (value === undefined) throw new Error(`the argument "${name}" is required, but has no value`);
  return value;
}

/** The argument's text, or undefined when it is missing or empty. */
export function optionalText(args: Values, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
