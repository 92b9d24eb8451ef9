import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Socket paths end at 103 bytes on macOS, at 107 on Linux; the folder and a socket in it, of up to 5 characters, add 17. */
const longestTmpdir = 86;

const parent = () => (tmpdir().length <= longestTmpdir ? tmpdir() : "/tmp");

/** A folder for unix sockets, for this user only, whose path is short however deep the state lies. */
export function makeSocketDir(): string {
  return mkdtempSync(path.join(parent(), "aws-")); // mode 0700
}

/** Whether a path is one that {@link makeSocketDir} gives. */
export const isSocketDir = (dir: string): boolean =>
  path.dirname(dir) === parent() && /^aws-\w{6}$/.test(path.basename(dir));
