import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { lastLines, run } from "./run.ts";
import { SetupError } from "./setupError.ts";

/*
 * Pulumi encrypts the secrets of a stack with a passphrase and a salt. Here the passphrase is a random one of the state
 * directory, in a file for its owner only, and the salt stays in the stack's state. Pulumi also writes the salt into
 * Pulumi.local.yaml; it is taken out again, since that file is shared and the salt fits this state directory alone.
 */

/** The salt that earlier versions had in Pulumi.local.yaml, for everybody, with this passphrase. */
const shared = {
  salt: "v1:VDmZqkq9z4w=:v1:5oxLyS6RP66D3uQn:bHNVJcAJON76aUjdb961IOXeYyBLag==",
  passphrase: "local",
};

/** The file with the passphrase of a state directory's stack. */
export const passphraseFile = (stateDir: string): string => path.join(stateDir, "passphrase");

/** Makes the passphrase unless there is one. */
export function makePassphrase(stateDir: string): void {
  try {
    writeFileSync(passphraseFile(stateDir), `${randomBytes(24).toString("base64url")}\n`, {
      mode: 0o600,
      flag: "wx",
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

export interface StackFiles {
  stateDir: string;
  /** Pulumi.local.yaml. */
  settings: string;
  /** The stack's state in the file backend. */
  state: string;
}

/** The salt in the stack's state; undefined before the stack is made. */
export function saltOfState({ state }: StackFiles): string | undefined {
  try {
    return JSON.parse(readFileSync(state, "utf8")).checkpoint?.latest?.secrets_providers?.state?.salt;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Takes the salt out of Pulumi.local.yaml where the state has it too, or where nothing depends on it. */
export function dropSalt(files: StackFiles): void {
  const text = readFileSync(files.settings, "utf8");
  const line = /^encryptionsalt:[ \t]*(.*)(\n|$)/m.exec(text);
  const known = saltOfState(files);
  const salt = line ? line[1].trim() : known;
  const hasSecrets = /^\s*(- )?secure:/m.test(text);
  if (hasSecrets && (salt === undefined || salt !== known)) {
    throw new SetupError(
      `${path.basename(files.settings)} has secrets that were set with another state directory, or before a reset, and cannot be read here: ` +
        "take its `encryptionsalt` and `secure:` lines out, and set them again with `pulumi config set --secret`.",
    );
  }
  if (line) writeFileSync(files.settings, text.replace(line[0], ""));
}

/** Encrypts a stack that an earlier version made with this state directory's own passphrase. */
export async function leaveSharedPassphrase(
  files: StackFiles,
  pulumi: { command: string; env: NodeJS.ProcessEnv; stack: string },
): Promise<void> {
  if (saltOfState(files) !== shared.salt) return;
  const args = ["stack", "change-secrets-provider", "passphrase", "--stack", pulumi.stack];
  const done = await run(pulumi.command, args, {
    cwd: path.dirname(files.settings),
    env: { ...pulumi.env, PULUMI_CONFIG_PASSPHRASE: shared.passphrase },
    input: readFileSync(passphraseFile(files.stateDir), "utf8"),
  });
  if (done.code !== 0) {
    throw new SetupError(
      `The state of the stack ${pulumi.stack} is encrypted with the passphrase of an earlier version and could not be encrypted anew; ` +
        `\`npm run local:reset\` removes it, with the local AWS:\n${lastLines(done.output, 5)}`,
    );
  }
}
