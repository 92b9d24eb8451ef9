import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * What the shared files say of a profile, such as its `region`; empty when there is none. The SDK reads these files too, but only
 * asynchronously, and the region must be known to name a session.
 */
export function profileSettings(
  files: { profile?: string; configFile?: string; credentialsFile?: string } = {},
): Record<string, string> {
  const name = files.profile ?? process.env.AWS_PROFILE ?? "default";
  const config = files.configFile ?? process.env.AWS_CONFIG_FILE ?? "~/.aws/config";
  const credentials =
    files.credentialsFile ?? process.env.AWS_SHARED_CREDENTIALS_FILE ?? "~/.aws/credentials";
  const titles = name === "default" ? ["default", "profile default"] : [`profile ${name}`];
  return { ...readSection(credentials, [name]), ...readSection(config, titles) };
}

/** `~` is the home folder, as in the AWS provider's paths. */
export const expanded = (file: string): string =>
  file === "~" || file.startsWith("~/") ? path.join(os.homedir(), file.slice(1)) : file;

function readSection(file: string, titles: string[]): Record<string, string> {
  let text: string;
  try {
    text = fs.readFileSync(expanded(file), "utf8");
  } catch {
    return {}; // the shared files may be missing
  }
  const found: Record<string, string> = {};
  let here = false;
  for (const line of text.split(/\r?\n/)) {
    const [, title] = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line) ?? [];
    if (title) here = titles.includes(title.replace(/\s+/g, " ").replace(/"/g, ""));
    // Indented lines belong to a setting of their own, such as `s3 =`.
    const [, key, value] = /^([^\s#;=[]+)\s*=\s*(.*?)\s*(?:\s[#;].*)?$/.exec(line) ?? [];
    if (here && key && value) found[key] = value;
  }
  return found;
}
