// Records the types of @pulumi/aws-native that may start training or leave machines running. The package itself takes 90 MB unpacked, so its
// types are kept in place of it: tsx test/policies/types/record.ts VERSION
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { extract } from "tar";
import { packageTypes, signs } from "./packageTypes";

const [version] = process.argv.slice(2);
if (version === undefined) throw new Error("usage: tsx test/policies/types/record.ts VERSION");

const dir = mkdtempSync(path.join(tmpdir(), "aws-native-"));
try {
  execFileSync("npm", [
    "pack",
    `@pulumi/aws-native@${version}`,
    "--pack-destination",
    dir,
    "--loglevel=error",
  ]);
  const [archive = ""] = readdirSync(dir);
  extract({ file: path.join(dir, archive), cwd: dir, sync: true });
  const types = Object.entries(packageTypes(path.join(dir, "package")))
    .map(([type, inputs]) => [type, signs(type, inputs)] as const)
    .filter(([, found]) => found.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const file = path.join(__dirname, "aws-native.generated.json");
  writeFileSync(file, `${JSON.stringify({ version, types: Object.fromEntries(types) }, null, 1)}\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
