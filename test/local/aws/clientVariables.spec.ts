import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { leadsAway, withoutProxy } from "../../../local/aws/clientVariables.ts";
import { containerEnvironment } from "../../../local/aws/training/process/environment.ts";
import { ensureTrainingPython } from "../../../local/python/python.ts";
import { run } from "../../../local/run.ts";
import { shellLines } from "../../../local/shellLines.ts";
import { foreignVariables, stackEnvironment, stackVariables } from "../../../local/stack.ts";
import { record, validRequest } from "./sagemaker/support.ts";

const endpoint = "http://127.0.0.1:4566";
const credentials = { accessKeyId: "LOCALOWNER", secretAccessKey: "of-owner" };
/** Names in boto3, and in `AWS_ENDPOINT_URL_*` and the configuration file. */
const services = {
  s3: "s3",
  sagemaker: "sagemaker",
  "sagemaker-runtime": "sagemaker_runtime",
  sts: "sts",
  iam: "iam",
  logs: "cloudwatch_logs",
  cloudwatch: "cloudwatch",
  ecr: "ecr",
  kms: "kms",
};
const ids = Object.values(services);
const urlOf = (id: string) => `https://${id.replaceAll("_", "-")}.example`;

/** Asks the real boto3 whom it would call, as whom; also with a profile that the user has. */
const BOTO3 = `
import boto3, json
session = boto3.Session(region_name="us-east-1")
found = session.get_credentials()
def profile():
    try:
        return boto3.Session(profile_name="prod").get_credentials().access_key
    except Exception as error:
        return type(error).__name__
clients = [session.client(name, aws_access_key_id="x", aws_secret_access_key="x") for name in ${JSON.stringify(Object.keys(services))}]
print(json.dumps({"key": found and found.access_key, "profile": profile(), "endpoints": sorted({c.meta.endpoint_url for c in clients})}))
`;

/** The same of the SDK for JavaScript. */
const NODE = `
const { S3Client, ListBucketsCommand } = require("@aws-sdk/client-s3");
const { SageMakerClient, ListTrainingJobsCommand } = require("@aws-sdk/client-sagemaker");
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
const { IAMClient, ListRolesCommand } = require("@aws-sdk/client-iam");
const endpoints = new Set();
const requestHandler = { handle: async ({ protocol, hostname, port }) => {
  endpoints.add(protocol + "//" + hostname + ":" + port);
  throw Object.assign(new Error("not sent"), { name: "NotSent" });
} };
const options = { region: "us-east-1", requestHandler, maxAttempts: 1, forcePathStyle: true };
const all = [[S3Client, ListBucketsCommand], [SageMakerClient, ListTrainingJobsCommand], [STSClient, GetCallerIdentityCommand], [IAMClient, ListRolesCommand]];
const keyOf = (options) => new S3Client(options).config.credentials().then((found) => found.accessKeyId, (error) => error.name);
(async () => {
  for (const [Client, Command] of all) {
    const client = new Client({ ...options, credentials: { accessKeyId: "x", secretAccessKey: "x" } });
    await client.send(new Command({})).catch((error) => { if (error.name !== "NotSent") throw error; });
  }
  const key = await keyOf(options);
  const profile = await keyOf({ ...options, profile: "prod" });
  console.log(JSON.stringify({ key, profile, endpoints: [...endpoints] }));
})();
`;

interface Seen {
  key: string | null;
  profile: string;
  endpoints: string[];
}

/** Says how a client behaves, and may be the user's own. */
const behaviour = [
  "AWS_CLI_AUTO_PROMPT",
  "AWS_DEFAULT_OUTPUT",
  "AWS_DEFAULT_REGION",
  "AWS_MAX_ATTEMPTS",
  "AWS_PAGER",
  "AWS_REQUEST_CHECKSUM_CALCULATION",
  "AWS_RESPONSE_CHECKSUM_VALIDATION",
  "AWS_RETRY_MODE",
];

describe("AWS clients of the local stack", function () {
  this.timeout(120_000);
  let dir: string;
  let home: string;
  let python: string;
  /** Every variable that boto3 and the SDK for JavaScript know, each with a value that leads to the user's account. */
  let hostile: Record<string, string>;

  before(async () => {
    python = await ensureTrainingPython(() => undefined);
    dir = mkdtempSync(path.join(tmpdir(), "account-"));
    home = path.join(dir, "user");
    mkdirSync(path.join(home, ".aws"), { recursive: true });
    mkdirSync(path.join(dir, "job"));
    const keys = "aws_access_key_id = AKIAREALUSERKEY00001\naws_secret_access_key = real\n";
    writeFileSync(path.join(home, ".aws/credentials"), `[default]\n${keys}[prod]\n${keys}`);
    writeFileSync(
      path.join(home, ".aws/config"),
      `[default]\nregion = eu-central-1\nservices = real\nendpoint_url = https://aws.example\n${keys}[profile prod]\n${keys}` +
        `[services real]\n${ids.map((id) => `${id} =\n  endpoint_url = ${urlOf(id)}\n`).join("")}`,
    );
    writeFileSync(path.join(home, ".boto"), `[Credentials]\n${keys}`);
    hostile = Object.fromEntries(
      [...variablesOfClients(python)]
        .filter((name) => !behaviour.includes(name))
        .map((name) => [name, hostileValue(name)]),
    );
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  const hostileValue = (name: string): string => {
    if (name.startsWith("AWS_ENDPOINT_URL")) return "https://aws.example";
    if (name.endsWith("_FILE"))
      return path.join(home, name.includes("CONFIG") ? ".aws/config" : ".aws/credentials");
    if (name === "BOTO_CONFIG") return path.join(home, ".boto");
    if (name.endsWith("PROFILE")) return "prod";
    if (name === "AWS_ACCESS_KEY_ID") return "AKIAREALUSERKEY00001";
    return name.startsWith("AWS_IGNORE") || name.startsWith("AWS_USE") ? "true" : "real";
  };
  const user = () => ({ PATH: process.env.PATH, HOME: home, ...hostile });

  const job = (change: object, outer: NodeJS.ProcessEnv) =>
    containerEnvironment(
      {
        record: record("job", { request: validRequest({ TrainingJobName: "job", ...change }) }),
        host: "algo-1",
        base: dir,
        temporary: dir,
        home: path.join(dir, "job"),
        python,
        credentials: { accessKeyId: "ASIAOFROLE", secretAccessKey: "of-role", sessionToken: "token" },
        endpoint,
        threads: 1,
        masterPort: 1234,
        stateDir: dir,
      },
      outer,
    );

  async function ask(env: NodeJS.ProcessEnv): Promise<{ boto3: Seen; node: Seen }> {
    const node = process.execPath;
    const [inPython, inNode] = await Promise.all([
      run(python, ["-c", BOTO3], { env }),
      run(node, ["-e", NODE], { env, cwd: path.resolve(__dirname, "../../..") }),
    ]);
    assert.deepEqual([inPython.code, inNode.code], [0, 0], inPython.output + inNode.output);
    return { boto3: JSON.parse(inPython.stdout), node: JSON.parse(inNode.stdout) };
  }

  const nobody = {
    boto3: { key: null, profile: "ProfileNotFound", endpoints: ["http://127.0.0.1:9"] },
    node: {
      key: "CredentialsProviderError",
      profile: "CredentialsProviderError",
      endpoints: ["http://127.0.0.1:9"],
    },
  };
  const known = (key: string) => ({
    boto3: { key, profile: "ProfileNotFound", endpoints: [endpoint] },
    node: { key, profile: "CredentialsProviderError", endpoints: [endpoint] },
  });

  it("would reach the user's account if nothing kept them from it", async () => {
    const { boto3, node } = await ask({ PATH: process.env.PATH, HOME: home });
    assert.deepEqual(
      [boto3.key, boto3.profile, node.key, node.profile],
      Array(4).fill("AKIAREALUSERKEY00001"),
    );
    assert.deepEqual(boto3.endpoints, ids.map(urlOf).sort());
  });

  const jobs: [string, object, object][] = [
    ["a job", {}, known("ASIAOFROLE")],
    ["an isolated job", { EnableNetworkIsolation: true }, nobody],
  ];
  for (const [what, change, seen] of jobs) {
    it(`in ${what} are the role's or nobody's, whatever the user has and the request says`, async () => {
      assert.deepEqual(await ask(job({ ...change, Environment: { ...hostile, HOME: home } }, user())), seen);
    });
  }

  it("in what runs for the local stack, and in a shell of local:env, are the owner's", async () => {
    const env = stackEnvironment({ endpoint, credentials }, user());
    assert.deepEqual(await ask(env), known("LOCALOWNER"));
    const variables = stackVariables({ endpoint, credentials }, user());
    const lines = shellLines(variables, foreignVariables(user(), variables));
    const shell = await run("sh", ["-c", `${lines.join("\n")}\nexec env`], { env: user() });
    const has = new Set(shell.stdout.split("\n").filter((line) => /^(AWS|BOTO|PULUMI|NO_PROXY)/i.test(line)));
    const wanted = Object.entries(env).filter(([name]) => /^(AWS|BOTO|PULUMI|NO_PROXY)/i.test(name));
    assert.deepEqual(has, new Set(wanted.map(([name, value]) => `${name}=${value}`)));
  });

  it("are told nothing by any variable that they know, but by those that only change how they behave", () => {
    assert.ok(Object.keys(hostile).length > 60, `${Object.keys(hostile)}`);
    for (const env of [
      job({}, user()),
      job({ Environment: hostile }, {}),
      stackEnvironment({ endpoint, credentials }, user()),
    ]) {
      const told = Object.entries(hostile).filter(([name, value]) => env[name] === value);
      assert.deepEqual(told, []);
    }
    assert.deepEqual([...variablesOfClients(python)].filter((name) => !leadsAway(name)).sort(), [
      "AWS_DEFAULT_REGION",
      "AWS_MAX_ATTEMPTS",
      "AWS_REQUEST_CHECKSUM_CALCULATION",
      "AWS_RESPONSE_CHECKSUM_VALIDATION",
      "AWS_RETRY_MODE",
    ]);
  });
});

describe("a proxy", () => {
  const cases: [string, NodeJS.ProcessEnv, Record<string, string>][] = [
    ["nothing", {}, { NO_PROXY: "127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" }],
    [
      "one spelling",
      { NO_PROXY: ".corp, 127.0.0.1" },
      { NO_PROXY: ".corp,127.0.0.1,localhost", no_proxy: ".corp,127.0.0.1,localhost" },
    ],
    [
      "both spellings",
      { NO_PROXY: "a", no_proxy: "b" },
      { NO_PROXY: "a,127.0.0.1,localhost", no_proxy: "b,127.0.0.1,localhost" },
    ],
    ["everything", { no_proxy: "*" }, { NO_PROXY: "*", no_proxy: "*" }],
    [
      "gRPC's own list",
      { no_grpc_proxy: "a" },
      {
        NO_PROXY: "127.0.0.1,localhost",
        no_proxy: "127.0.0.1,localhost",
        no_grpc_proxy: "a,127.0.0.1,localhost",
      },
    ],
  ];
  for (const [what, env, expected] of cases) {
    it(`is not asked for this machine, with ${what} excepted by the user`, () =>
      assert.deepEqual(withoutProxy(env), expected));
  }
});

/** The names of variables in the sources of boto3 and of the SDK for JavaScript. */
function variablesOfClients(python: string): Set<string> {
  const lib = path.join(path.dirname(path.dirname(python)), "lib");
  const packages = path.join(
    lib,
    readdirSync(lib).find((name) => name.startsWith("python")) ?? "",
    "site-packages",
  );
  const modules = path.resolve(__dirname, "../../../node_modules");
  const sources = [
    ...["botocore", "boto3"].flatMap((name) => filesIn(path.join(packages, name), ".py", false)),
    ...["@smithy", "@aws-sdk"].flatMap((scope) =>
      readdirSync(path.join(modules, scope))
        .filter((name) => !name.startsWith("client-"))
        .flatMap((name) => filesIn(path.join(modules, scope, name, "dist-cjs"), ".js", true)),
    ),
  ];
  const text = sources.map((file) => readFileSync(file, "utf8")).join("\n");
  const names = new Set(["BOTO_CONFIG"]);
  for (const [name] of text.matchAll(/\bAWS_[A-Z0-9_]*[A-Z0-9]\b/g)) names.add(name);
  for (const id of ids) names.add(`AWS_ENDPOINT_URL_${id.toUpperCase()}`);
  return names;
}

function filesIn(dir: string, extension: string, recursive: boolean): string[] {
  try {
    return readdirSync(dir, { recursive, encoding: "utf8" })
      .filter((name) => name.endsWith(extension))
      .map((name) => path.join(dir, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
