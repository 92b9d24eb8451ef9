import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import * as vm from "node:vm";
import { parse } from "yaml";
import { checkInputs } from "../components/trainingJob/check/check";
import { PAGE, renewed } from "../docs/inputs";
import { faultsSchema } from "../local/aws/faults/schema.ts";
import { anchors, blocks, cells, code, links, table, withoutBlocks } from "./support/markdown";

const ROOT = path.join(__dirname, "..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
const PAGES = ["README.md", ...fs.readdirSync(path.join(ROOT, "docs")).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith(".md"),
);

interface ConfigKey {
  description: string;
  default?: unknown;
}
const CONFIG: Record<string, ConfigKey> = parse(read("Pulumi.yaml")).config;
const SCRIPTS: Record<string, string> = JSON.parse(read("package.json")).scripts;
/** Those of every stack, and those of a stack with several experiments, successive halving, a gate or a dashboard. */
const EXPORTS = [
  ...[...read("index.ts").matchAll(/^export const (\w+)/gm)].map(([, name]) => name),
  ...[...read("index.ts").matchAll(/Object\.assign\(module\.exports, \{ (.*) \}\)/g)].flatMap(([, names]) =>
    names.split(", ").map((name) => name.split(":")[0]),
  ),
];
const DEPLOY_EXPORTS = /return \{ (.*) \};/.exec(read("deploy/index.ts"))?.[1].split(", ") ?? [];
const FOLDERS = fs
  .readdirSync(ROOT, { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
/** Package indexes, which each user sets for himself. */
const REGISTRIES =
  /registry\.(npmjs|yarnpkg)\.|npmjs\.com|pypi\.org|pythonhosted\.org|download\.pytorch\.org|proxy\.golang\.org/;
/** Commands that version 2 of the AWS CLI has and version 1 has not. */
const CLI_2_ONLY =
  /aws (logs (tail|start-live-tail)|sso login|configure (sso|import|list-profiles)|ddb|history)\b/;

/** Markdown that GitHub shows the same: arrows and escapes. */
const plain = (text: string) => text.replaceAll("→", "->").replaceAll("&lt;", "<").replaceAll("`", "");

describe("the documentation", () => {
  for (const page of PAGES) {
    it(`${page}: every relative link leads somewhere`, () => {
      for (const link of links(read(page))) {
        const [file, anchor] = link.split("#");
        const target = file === "" ? page : path.join(path.dirname(page), file);
        assert.ok(fs.existsSync(path.join(ROOT, target)), `${page} links to ${link}: there is no ${target}`);
        if (anchor === undefined) continue;
        assert.ok(anchors(read(target)).includes(anchor), `${page} links to ${link}: no such heading`);
      }
    });

    it(`${page}: every configuration key is one of Pulumi.yaml`, () => {
      const found = [...read(page).matchAll(/(?<![\w-])training:(\w+)(?!\w*:\w)/g)].map(([, key]) => key);
      const unknown = found.filter((key) => !(key in CONFIG) && key !== "KEY");
      assert.deepEqual(unknown, []);
    });

    it(`${page}: every npm script is one of package.json`, () => {
      const text = read(page);
      const run = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);
      const short = [...text.matchAll(/npm (start|test)\b/g)].map(([, name]) => name);
      const unknown = [...run, ...short].filter((name) => !(name in SCRIPTS));
      assert.deepEqual(unknown, []);
    });

    it(`${page}: every file of the repository that it names is there`, () => {
      const named = [
        ...code(withoutBlocks(read(page))),
        ...blocks(read(page), "mermaid").flatMap((figure) => figure.split(/[\s<>"]/)),
      ];
      const files = named.filter(
        (name) => FOLDERS.includes(name.split("/")[0]) && /^[\w-]+\/[\w./-]*$/.test(name),
      );
      assert.deepEqual(
        files.filter((name) => !fs.existsSync(path.join(ROOT, name))),
        [],
      );
    });

    it(`${page}: every output of a stack is one of index.ts or deploy/index.ts`, () => {
      const named = [
        ...read(page).matchAll(/(?:pulumi stack output |(?:get|require)Output\(")([a-z]\w*)/g),
      ].map(([, name]) => name);
      assert.deepEqual(
        named.filter((name) => ![...EXPORTS, ...DEPLOY_EXPORTS].includes(name)),
        [],
      );
    });

    it(`${page}: no line names a package registry, or a command that only AWS CLI 2 has`, () => {
      const lines = read(page).split("\n");
      assert.deepEqual(
        lines.filter((line) => REGISTRIES.test(line)),
        [],
      );
      assert.deepEqual(
        lines.filter((line) => CLI_2_ONLY.test(line) && !line.includes("version 2")),
        [],
      );
    });
  }

  it("docs/README.md leads to every page", () => {
    const pages = links(read("docs/README.md")).map((link) => path.join("docs", link));
    assert.deepEqual(
      PAGES.filter((page) => page.startsWith("docs/") && page !== "docs/README.md" && !pages.includes(page)),
      [],
    );
  });

  it("what the examples import from train/ is there", () => {
    const imports = PAGES.flatMap((page) =>
      blocks(read(page), "python").flatMap((block) => [...block.matchAll(/^from (\w+) import (.+)$/gm)]),
    ).filter(([, module]) => fs.existsSync(path.join(ROOT, "train", `${module}.py`)));
    assert.ok(imports.length > 0);
    for (const [, module, names] of imports) {
      for (const name of names.split(", "))
        assert.match(read(`train/${module}.py`), new RegExp(`^def ${name}\\(`, "m"));
    }
  });

  it("the picture of a run shows its end, and nothing of the machine that it was made on", () => {
    const picture = read("docs/npm-start.svg");
    assert.match(picture, />Model artifact<.*>s3:[^<]*model\.tar\.gz</s);
    assert.doesNotMatch(picture, /\/(home|root|tmp|Users|work|var)\//);
    const hosts = [...picture.matchAll(/https?:\/\/([^\s<":;/]+)/g)].map(([, host]) => host);
    assert.deepEqual(
      hosts.filter((host) => !["www.w3.org", "127.0.0.1"].includes(host)),
      [],
    );
  });

  it("README's configuration is that of Pulumi.yaml, with defaults and descriptions", () => {
    const shown = table(read("README.md"), "Configuration").map((row) => row.map(plain));
    const wanted = Object.entries(CONFIG).map(([key, { default: value, description }]) => {
      const json = typeof value === "string" ? value : JSON.stringify(value);
      return [key, value === undefined ? "required" : json, description];
    });
    assert.deepEqual(shown, wanted);
  });

  it("README's outputs are the exports of index.ts", () => {
    const shown = table(read("README.md"), "Outputs").flatMap(([names]) => plain(names).split(", "));
    assert.deepEqual(shown.sort(), [...EXPORTS].sort());
  });

  it("training-job.md has every output of the resource", () => {
    const source = read("components/trainingJob/trainingJob.ts");
    const outputs = [...source.matchAll(/public readonly (\w+):/g)].map(([, name]) => name);
    assert.deepEqual(
      table(read("docs/training-job.md"), "Outputs").map(([name]) => plain(name)),
      outputs,
    );
  });

  it("training-job-inputs.md is what the types say (`tsx docs/inputs.ts` renews it)", () => {
    const page = fs.readFileSync(PAGE, "utf8");
    assert.equal(page, renewed(page));
  });

  it("training-job.md quotes messages that exist", () => {
    const folder = path.join(ROOT, "components");
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    const sources = files.filter((name) => name.endsWith(".ts")).map((name) => read(`components/${name}`));
    const source = sources.join("\n");
    for (const [cell] of table(read("docs/training-job.md"), "When it fails")) {
      for (const part of code(cell)[0]
        .split("…")
        .map((text) => text.trim())) {
        assert.ok(source.includes(part), `no message has "${part}"`);
      }
    }
  });

  it("local-stack.md has every setting of the local AWS", () => {
    const settings = new Set(read("local/aws/options.ts").match(/\bLOCAL_AWS_\w+/g));
    const shown = table(read("docs/local-stack.md"), "Settings").flatMap(([cell]) => code(cell));
    assert.deepEqual(shown.filter((name) => name.startsWith("LOCAL_AWS_")).sort(), [...settings].sort());
  });

  it("faults on the pages are faults that the local AWS takes", () => {
    const bodies = PAGES.flatMap((page) =>
      [...read(page).matchAll(/(?:faults|_local\/faults" -d) '(\{.*?\})'/g)].map(([, json]) => json),
    );
    assert.ok(bodies.length > 5);
    for (const body of bodies) faultsSchema.parse(JSON.parse(body));
    const shapes = faultsSchema.shape;
    const page = read("docs/local-stack.md");
    const [jobs, api] = [/^\| Field of `jobs`/m, /^\| Field of `api`/m].map((head) =>
      cells(page.slice(page.search(head))).map(([name]) => plain(name)),
    );
    assert.deepEqual(jobs, Object.keys(shapes.jobs.unwrap().element.shape));
    assert.deepEqual(api, Object.keys(shapes.api.unwrap().element.shape));
  });

  for (const page of ["docs/training-job.md", "docs/moving.md"]) {
    it(`${page}: the inputs in the examples pass the check at preview`, () => {
      for (const block of blocks(read(page), "ts")) {
        for (const inputs of exampleInputs(block)) {
          assert.deepEqual(checkInputs({ ...COMPLETE, ...inputs }).failures, [], block);
        }
      }
    });
  }
});

/** What an example that shows only some inputs leaves out. */
const COMPLETE = {
  roleArn: "arn:aws:iam::123456789012:role/training",
  algorithmSpecification: {
    trainingImage: "123456789012.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2",
  },
  outputDataConfig: { s3OutputPath: "s3://my-bucket/artifacts" },
  resourceConfig: { instanceType: "ml.g5.xlarge" },
};

/** The inputs of every TrainingJob that a program makes, or the inputs themselves where a block shows just those. */
function exampleInputs(block: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const isProgram = block.includes("new ");
  const program = isProgram ? block.replace(/^(import .*|export )/gm, "") : `inputs({ ${block} })`;
  class TrainingJob {
    constructor(_name: string, inputs: Record<string, unknown>) {
      found.push(inputs);
    }
  }
  vm.runInNewContext(program, {
    TrainingJob,
    inputs: (inputs: Record<string, unknown>) => found.push(inputs),
    aws: { Provider: class {}, sagemaker: { TrainingJob: class {} } },
    role: { arn: COMPLETE.roleArn },
    image: COMPLETE.algorithmSpecification.trainingImage,
  });
  // Out of the other context: its objects are of other classes.
  return found.map((inputs) => JSON.parse(JSON.stringify(inputs)));
}
