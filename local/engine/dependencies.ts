import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type Output, startChild } from "./children.ts";

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface Dependency {
  name: string;
  /** The installed version, or the range asked for when the package is not installed. */
  version: string;
}

/** The packages that the manifest of a program names; for `pulumi about`. */
export function listDependencies(dir: string): Dependency[] {
  const manifest = readManifest(path.join(dir, "package.json"));
  const wanted = { ...manifest.devDependencies, ...manifest.dependencies };
  return Object.entries(wanted).map(([name, range]) => ({
    name,
    version: installedVersion(dir, name) ?? range,
  }));
}

/** Installs the packages of a program or plugin, unless all are there, if only in a folder above it. */
export async function installDependencies(dir: string, output: Output): Promise<void> {
  const wanted = Object.keys(readManifest(path.join(dir, "package.json")).dependencies ?? {});
  if (wanted.every((name) => installedVersion(dir, name) !== undefined)) return;
  const command = existsSync(path.join(dir, "package-lock.json")) ? "ci" : "install";
  const { code } = await startChild("npm", [command], { cwd: dir, env: process.env }, output).ended;
  if (code !== 0) throw new Error(`npm ${command} failed in ${dir} with exit code ${code ?? "unknown"}`);
}

function installedVersion(dir: string, name: string): string | undefined {
  const base = path.join(dir, "package.json");
  const file = existsSync(base) ? findPackage(base, name) : undefined;
  return file ? readManifest(file).version : undefined;
}

function findPackage(base: string, name: string): string | undefined {
  for (const folder of createRequire(base).resolve.paths(name) ?? []) {
    const file = path.join(folder, name, "package.json");
    if (existsSync(file)) return file;
  }
  return undefined;
}

function readManifest(file: string): Manifest {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : {};
}
