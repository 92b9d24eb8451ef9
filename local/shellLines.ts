/** What a POSIX shell evaluates to have these variables, and not those. */
export function shellLines(variables: Record<string, string>, unwanted: string[]): string[] {
  const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
  return [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `unset ${unwanted.join(" ")}`,
  ];
}

/** Puts folders in front of PATH. */
export function pathLine(dirs: string[]): string {
  return `export PATH='${dirs.join(":").replaceAll("'", `'\\''`)}':"$PATH"`;
}
