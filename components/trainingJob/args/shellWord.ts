/** A word as a shell takes it. */
export const shellWord = (text: string): string =>
  /^[\w.:/@%+=,-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * `pulumi config set [FLAGS] KEY VALUE` for a shell. What begins with a hyphen is an option to Pulumi unless `--` stands before it.
 *
 * @param flags such as `["--path", "--stack dev"]`
 */
export function configSet(key: string, value: string, flags: string[] = []): string {
  const isOption = value.startsWith("-");
  return ["pulumi config set", ...flags, ...(isOption ? ["--"] : []), shellWord(key), shellWord(value)].join(
    " ",
  );
}
