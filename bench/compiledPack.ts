// The policy pack as its users have it: compiled, in a folder of its own.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { secondsSince } from "./measure";

const projectDir = path.resolve(__dirname, "..");
export const packSources = path.join(projectDir, "policies");

/** Returns the folder. */
export function compilePack(): string {
  const dir = mkdtempSync(path.join(tmpdir(), "guardrails-compiled-"));
  for (const name of ["main.js", "package.json", "PulumiPolicy.yaml", "README.md"]) {
    cpSync(path.join(packSources, name), path.join(dir, name));
  }
  symlinkSync(path.join(projectDir, "node_modules"), path.join(dir, "node_modules"));
  const tsc = path.join(projectDir, "node_modules", ".bin", "tsc");
  const out = ["--outDir", path.join(dir, "dist"), "--rootDir", ".", "--noLib", "false"];
  execFileSync(tsc, ["-p", "tsconfig.json", ...out], { cwd: packSources });
  return dir;
}

/** Seconds from the start of the pack's process until it answers: then it prints its port. */
export function loadPack(pack: string, env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [runner, "127.0.0.1:0", pack], {
    cwd: pack,
    // As the local stack's language host starts it.
    env: { ...env, NODE_COMPILE_CACHE: path.join(env.NODE_COMPILE_CACHE ?? "", "analyzer") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let seconds: number | undefined;
  child.stdout.once("data", () => {
    seconds = secondsSince(started);
    // As the engine ends it, but not before it is ready: it writes its compile cache now.
    setTimeout(() => child.kill(), 500);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (seconds === undefined) reject(new Error(`the policy pack ended with ${code}`));
      else resolve(seconds);
    });
  });
}
