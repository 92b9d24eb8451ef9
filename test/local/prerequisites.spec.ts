import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { missingPrerequisites } from "../../local/prerequisites.ts";

/** A Python as the probe sees it. */
const python = (version: string, more = {}) =>
  `echo '${JSON.stringify({ executable: "/x/python", version, venv: true, headers: true, cc: "gcc", ...more })}'`;
const go = (version: string, toolchain: string, fetching = "exit 1") =>
  `[ "$1" = env ] && { printf '${version}\\n${toolchain}\\n'; exit; }; ${fetching}`;

const gcc = "exit 0";
const good = { go: go("go1.25.11", "auto"), gcc, python3: python("3.11.7") };
const goRemedy =
  "install Go >= 1.25.11 (https://go.dev/dl), or a Pulumi CLI >= 3.200.0 with its Node language host";

/** Which programs a machine has, and what is said of what it lacks, line by line. */
const machines: [
  what: string,
  programs: Record<string, string>,
  expected: RegExp[],
  env?: NodeJS.ProcessEnv,
][] = [
  ["all that is needed", good, []],
  [
    "nothing",
    {},
    [
      new RegExp(`^There is no Pulumi CLI on PATH, and no Go to build one: ${escaped(goRemedy)}`),
      /^Python 3\.10, 3\.11 or 3\.12 with venv is needed, and none was found: install it/,
      /^A C compiler is needed .* none was found: install one/,
    ],
  ],
  [
    "an old Pulumi and no Go",
    { ...good, go: "", pulumi: "echo v3.100.0" },
    [/^\S+\/pulumi does not do \(version 3\.100\.0 is older than 3\.200\.0\), and no Go to build one: /],
  ],
  [
    "a Pulumi without its language host and no Go",
    { ...good, go: "", pulumi: "echo v3.259.0" },
    [/^\S+\/pulumi does not do \(it has no pulumi-language-nodejs beside it\), and no Go/],
  ],
  ["a Pulumi that does", { ...good, go: "", pulumi: "echo v3.259.0", "pulumi-language-nodejs": "exit" }, []],
  [
    "a Go that is too old",
    { ...good, go: go("go1.19.8", "") },
    [/^There is no Pulumi CLI on PATH, and Go 1\.19\.8 is too old to build one: install Go/],
  ],
  ["a Go that fetches the one it needs", { ...good, go: go("go1.23.4", "auto", "exit 0") }, []],
  [
    "a Go that cannot fetch the one it needs",
    { ...good, go: go("go1.23.4", "auto", "echo 'go: download: dial tcp: no such host'; exit 1") },
    [
      /^Go 1\.23\.4 is too old to build the Pulumi CLI, and could not fetch Go 1\.25\.11: install Go/,
      /dial tcp: no such host$/,
      /^No answer .*GOPROXY/,
    ],
  ],
  [
    "a Go that does not work",
    { ...good, go: "echo 'go: cannot find GOROOT'; exit 2" },
    [/and the Go to build one does not work \(go: cannot find GOROOT\): mend it, or install Go/],
  ],
  [
    "an old Python",
    { ...good, python3: python("3.9.1") },
    [/^Python 3\.10, 3\.11 or 3\.12 .* only 3\.9\.1 was found/],
  ],
  [
    "a Python without venv, and no compiler",
    { ...good, python3: python("3.11.7", { venv: false }), gcc: "" },
    [/^Python 3\.11\.7 has no venv .*python3-venv/, /^A C compiler is needed/],
  ],
  [
    "a Python without headers",
    { ...good, python3: python("3.11.7", { headers: false }) },
    [/no headers.*python3-dev/],
  ],
  [
    "a Python built with another compiler",
    { ...good, python3: python("3.11.7", { cc: "clang" }) },
    [/clang was not found/],
  ],
  [
    "a base Python that does not run",
    good,
    [
      /^TRAINING_BASE_PYTHON names \/opt\/nowhere, which does not run as a Python: name one of version 3\.10, 3\.11 or 3\.12 /,
    ],
    { TRAINING_BASE_PYTHON: "/opt/nowhere" },
  ],
];

describe("the prerequisites on a machine with", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "prerequisites-"));
    mkdirSync(path.join(dir, "bin"));
    symlinkSync("/bin/sh", path.join(dir, "bin", "sh"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  for (const [what, programs, expected, env = {}] of machines) {
    it(what, async () => {
      for (const [name, script] of Object.entries(programs).filter(([, text]) => text !== "")) {
        writeFileSync(path.join(dir, "bin", name), `#!/bin/sh\n${script}\n`);
        chmodSync(path.join(dir, "bin", name), 0o755);
      }
      const cache = { TRAINING_CACHE_DIR: path.join(dir, "cache") };
      const problems = await missingPrerequisites({ PATH: path.join(dir, "bin"), ...cache, ...env });
      const lines = problems
        .join("\n")
        .split("\n")
        .filter((line) => line !== "");
      assert.equal(lines.length, expected.length, lines.join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? "", pattern);
    });
  }
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
