import { spawn } from "node:child_process";
import path from "node:path";
import type { Denial } from "../../../../policies/iam/expressions";

const projectDir = path.resolve(__dirname, "../../../..");

/** A policy document that IAM takes. */
export interface PolicyDocument {
  Version: string;
  Statement: (Denial | { Sid: string; Effect: "Allow"; Action: string[]; Resource: string })[];
}

/** A call as IAM sees it. */
export interface IamRequest {
  action: string;
  /** Condition keys and their values. */
  context: Record<string, string | string[]>;
}

export interface Decision {
  decision: "Allow" | "Deny" | "ImplicitDeny";
  /** Sid of the statement that decided. */
  statement: string;
}

/** What parliament, a validator of IAM policies, finds wrong with one; nothing for a good one. */
export async function findFaults(policy: PolicyDocument): Promise<string[]> {
  const { ensureEnvironment } = await import("../../../../local/python/environment.ts");
  const python = await ensureEnvironment(
    {
      name: "parliament",
      what: "the Python environment of the IAM policy validator (parliament 1.6.4)",
      expect: "under a minute, once per machine",
      locks: [path.relative(path.join(projectDir, "local/python"), path.join(__dirname, "parliament.txt"))],
      python: {
        range: ">=3.10.0 <3.15.0",
        words: "3.10 to 3.14",
        reason: "the versions that its packages were locked for",
      },
      imports: ["parliament"],
    },
    () => {},
  );
  return (await runPython(python, "validate.py", policy)).split("\n").filter((line) => line !== "");
}

/** What IAM's evaluation of some policies comes to, by the evaluator of the local AWS. */
export async function evaluate(policies: PolicyDocument[], requests: IamRequest[]): Promise<Decision[]> {
  const { ensureMinistackPython } = await import("../../../../local/python/python.ts");
  const python = await ensureMinistackPython(() => {});
  return JSON.parse(await runPython(python, "evaluate.py", { policies, requests }));
}

function runPython(python: string, script: string, input: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [path.join(__dirname, script)], { stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(output) : reject(new Error(`${script}: ${errors}`))));
    child.stdin.end(JSON.stringify(input));
  });
}
