import {
	accessSync,
	constants,
	existsSync,
	readdirSync,
	readFileSync,
	realpathSync,
	statSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import semver from "semver";
import { cacheDir, nodeDir, projectDir } from "../paths.ts";
import type { Report } from "../report.ts";
import { tryRun } from "../run.ts";
import { buildPulumi } from "./build.ts";
import { isRecentPulumi, oldestPulumi, parseVersion } from "./version.ts";

export interface Engine {
	/** Folders to put in front of PATH, in this order, for `pulumi` and every plugin it starts. */
	binDirs: string[];
	/** The CLI itself. */
	pulumi: string;
	/** Whether the CLI was found on PATH, with a Node language host of its own, or built by this project. */
	source: "path" | "built";
}

/** Folders with this project's own launchers; a CLI or plugin found there does not count as installed. */
const ownDirs = {
	languageHost: path.join(projectDir, "local", "engine", "bin"),
	dynamicProvider: path.join(projectDir, "node_modules", "@pulumi", "pulumi"),
	awsProvider: path.join(projectDir, "local", "provider", "bin"),
};

/** Finds a Pulumi CLI that can run this project, or builds one. Takes milliseconds when there is nothing to do. */
export async function ensureEngine(
	report: Report,
	env: NodeJS.ProcessEnv = process.env,
): Promise<Engine> {
	const foreign = foreignDirs(env.PATH ?? "");
	// The AWS provider of the local stack steps back where the real one is installed.
	const awsDirs = hasAwsPlugin(env, foreign) ? [] : [ownDirs.awsProvider];

	const installed = await findInstalled(foreign, report);
	if (installed)
		return {
			binDirs: [nodeDir, ...awsDirs],
			pulumi: installed,
			source: "path",
		};

	const built = await buildPulumi(report);
	return {
		binDirs: [
			nodeDir,
			built,
			ownDirs.languageHost,
			ownDirs.dynamicProvider,
			...awsDirs,
		],
		pulumi: path.join(built, "pulumi"),
		source: "built",
	};
}

/** PATH without what this project itself puts there, so that a shell set up by it finds the same as any other. */
export function foreignDirs(searchPath: string): string[] {
	const own = new Set(Object.values(ownDirs));
	return searchPath
		.split(path.delimiter)
		.filter(
			(dir) =>
				path.isAbsolute(dir) &&
				!own.has(dir) &&
				!dir.startsWith(cacheDir + path.sep),
		);
}

async function findInstalled(
	dirs: string[],
	report: Report,
): Promise<string | undefined> {
	const pulumi = findExecutable("pulumi", dirs);
	if (!pulumi) return undefined;
	const printed = await tryRun(pulumi, ["version"], {
		env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
	});
	const version = parseVersion(printed ?? "");
	if (!version || !isRecentPulumi(version)) {
		report(
			`Not using ${pulumi}: version ${version ?? "unknown"} is older than ${oldestPulumi}`,
		);
		return undefined;
	}
	const beside = [path.dirname(pulumi), path.dirname(realpathSync(pulumi))];
	if (!findExecutable("pulumi-language-nodejs", [...beside, ...dirs])) {
		report(`Not using ${pulumi}: it has no pulumi-language-nodejs beside it`);
		return undefined;
	}
	return pulumi;
}

/** The first file of that name that may be executed. */
export function findExecutable(
	name: string,
	dirs: string[],
): string | undefined {
	return dirs.map((dir) => path.join(dir, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch {
		return false;
	}
}

/** Whether the engine would find the real AWS plugin: on PATH, or in its plugin folder in a version that fits. */
export function hasAwsPlugin(
	env: NodeJS.ProcessEnv,
	dirs: string[],
	wanted: string = awsPackageVersion(),
): boolean {
	if (findExecutable("pulumi-resource-aws", dirs)) return true;
	const plugins = path.join(
		env.PULUMI_HOME || path.join(homedir(), ".pulumi"),
		"plugins",
	);
	if (!existsSync(plugins)) return false;
	return readdirSync(plugins).some((name) => {
		const version = /^resource-aws-v(.+)$/.exec(name)?.[1] ?? "";
		return (
			semver.valid(version) !== null &&
			semver.satisfies(version, `^${wanted}`) &&
			isExecutable(path.join(plugins, name, "pulumi-resource-aws"))
		);
	});
}

function awsPackageVersion(): string {
	const file = path.join(
		projectDir,
		"node_modules",
		"@pulumi",
		"aws",
		"package.json",
	);
	return (JSON.parse(readFileSync(file, "utf8")) as { version: string })
		.version;
}
