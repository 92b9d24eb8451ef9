import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const projectDir = path.resolve(__dirname, "../../..");

/** A resource of the test program: its kind, its name, its arguments. */
export interface ProgramResource {
  kind:
    | "TrainingJob"
    | "aws.sagemaker.TrainingJob"
    | "aws.sagemaker.EndpointConfiguration"
    | "StandIn"
    | "Other";
  name: string;
  /** Values; `<name.output>` stands for an output of a resource further up. */
  args: object;
}

export interface Program {
  resources: ProgramResource[];
  /** The outputs of the stack; `<name.output>` stands for an output of a resource. */
  outputs?: Record<string, unknown>;
}

/** What a policy reported. */
export interface Finding {
  policy: string;
  /** Name of the resource, or of the stack. */
  resource: string;
  level: "mandatory" | "advisory";
  message: string;
}

export interface PolicyRun {
  code: number;
  output: string;
  findings: Finding[];
  /** What the policies changed: the rule and the resource. */
  remediated: { policy: string; resource: string }[];
}

export interface RunOptions {
  /** Configuration of the pack: by rule, or a file of it. */
  config?: object | string;
  /** Folder of the pack; false for none. Default: this project's. */
  pack?: string | false;
  /** URNs of the only resources to deploy. */
  targets?: string[];
}

export interface EngineOptions {
  /** Files of a program in place of the one that the tests fill in, by name. */
  files?: Record<string, string>;
  /** Folders to put in front of PATH. */
  binDirs?: string[];
}

/** Pulumi in a folder of its own, with a file backend and a program that the tests fill in. */
export class PolicyEngine {
  readonly dir: string;
  /** The environment that the engine gives to everything it starts. */
  readonly env: NodeJS.ProcessEnv;
  readonly #pulumi: string;

  private constructor(dir: string, pulumi: string, env: NodeJS.ProcessEnv) {
    this.dir = dir;
    this.#pulumi = pulumi;
    this.env = env;
  }

  static async start({ files, binDirs = [] }: EngineOptions = {}): Promise<PolicyEngine> {
    const { ensureEngine, withEngine } = await import("../../../local/engine/engine.ts");
    const engine = await ensureEngine(() => {});
    const dir = await mkdtemp(path.join(tmpdir(), "guardrails-"));
    if (files === undefined) {
      await cp(path.join(__dirname, "policyProgram"), dir, { recursive: true });
    }
    for (const [name, content] of Object.entries(files ?? {})) {
      await writeFile(path.join(dir, name), content);
    }
    for (const folder of ["node_modules", "components"]) {
      await symlink(path.join(projectDir, folder), path.join(dir, folder));
    }
    const env = withEngine(engine, {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${dir}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      PULUMI_DEBUG_COMMANDS: "true", // for --event-log
      // Nobody listens there: a preview needs no AWS.
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "us-east-1",
    });
    env.PATH = [...binDirs, env.PATH].join(path.delimiter);
    const started = new PolicyEngine(dir, engine.pulumi, env);
    await started.#run(["stack", "init", "test"]);
    return started;
  }

  preview(program: Program = { resources: [] }, options: RunOptions = {}): Promise<PolicyRun> {
    return this.#deploy(["preview"], program, options);
  }

  up(program: Program, options: RunOptions = {}): Promise<PolicyRun> {
    return this.#deploy(["up", "--yes", "--skip-preview"], program, options);
  }

  /** Judges the stack as it is in the state: no program runs, and nothing changes. */
  async analyze(options: RunOptions = {}): Promise<{ code: number; output: string }> {
    return this.#run(["policy", "analyze", "--stack", "test", ...(await this.#packArgs(options))]);
  }

  /** The stack's outputs after `up`. */
  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.#run(["stack", "output", "--json", "--stack", "test"])).output);
  }

  /** The names of the resources of a kind in the state. */
  async resourceNames(type: string): Promise<string[]> {
    const { output } = await this.#run(["stack", "export", "--stack", "test"]);
    const { deployment } = JSON.parse(output) as {
      deployment: { resources?: { type: string; urn: string }[] };
    };
    return (deployment.resources ?? []).filter((each) => each.type === type).map(({ urn }) => nameOf(urn));
  }

  async dispose(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  async #deploy(command: string[], program: Program, options: RunOptions): Promise<PolicyRun> {
    const events = path.join(this.dir, "events.json");
    await rm(events, { force: true });
    await writeFile(path.join(this.dir, "program.json"), JSON.stringify({ outputs: {}, ...program }));
    const args = [...command, "--stack", "test", "--event-log", events, ...(await this.#packArgs(options))];
    args.push(...(options.targets ?? []).flatMap((urn) => ["--target", urn]));
    const { code, output } = await this.#run(args);
    return { code, output, ...(await readEvents(events)) };
  }

  /** Puts a tag on the stack, as the platform does. */
  async tagStack(key: string, value: string): Promise<void> {
    const { code, output } = await this.#run(["stack", "tag", "set", key, value, "--stack", "test"]);
    if (code !== 0) throw new Error(output);
  }

  async #packArgs({ config, pack }: RunOptions): Promise<string[]> {
    const args = pack === false ? [] : ["--policy-pack", pack ?? path.join(projectDir, "policies")];
    if (typeof config === "string") {
      args.push("--policy-pack-config", config);
    } else if (config !== undefined) {
      const file = path.join(this.dir, "policy-config.json");
      await writeFile(file, JSON.stringify(config));
      args.push("--policy-pack-config", file);
    }
    return args;
  }

  #run(args: string[]): Promise<{ code: number; output: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.#pulumi, [...args, "--non-interactive", "--color", "never"], {
        cwd: this.dir,
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      child.stdout.on("data", (chunk) => {
        output += chunk;
      });
      child.stderr.on("data", (chunk) => {
        output += chunk;
      });
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? -1, output }));
    });
  }
}

interface EngineEvent {
  policyEvent?: {
    resourceUrn: string;
    policyName: string;
    enforcementLevel: Finding["level"];
    message: string;
  };
  policyRemediationEvent?: { resourceUrn: string; policyName: string };
}

async function readEvents(file: string): Promise<Pick<PolicyRun, "findings" | "remediated">> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const events = lines.map((line) => JSON.parse(line) as EngineEvent);
  return {
    findings: events.flatMap(({ policyEvent: event }) =>
      event === undefined
        ? []
        : [
            {
              policy: event.policyName,
              resource: nameOf(event.resourceUrn),
              level: event.enforcementLevel,
              message: event.message.replace(/<\{%[^%]*%\}>/g, ""),
            },
          ],
    ),
    remediated: events.flatMap(({ policyRemediationEvent: event }) =>
      event === undefined ? [] : [{ policy: event.policyName, resource: nameOf(event.resourceUrn) }],
    ),
  };
}

function nameOf(urn: string): string {
  return urn.split("::").pop() ?? urn;
}
