// Lets Node load the TypeScript of this project in a fraction of the time that ts-node takes: each `pulumi up` starts six such processes.
const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const nodeModule = require("node:module");
const path = require("node:path");
const loadLater = require("./loadLater");

nodeModule.enableCompileCache?.();
require.extensions[".ts"] = (module, file) => module._compile(javaScript(file), file);
// Half of what is loaded for a program is for what it does not do: serialize functions, run Pulumi, write traces, speak other languages.
const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
for (const name of ["typescript-shim", "automation"]) loadLater(`@pulumi/pulumi/${name}`, sdk);
loadLater("@npmcli/arborist", sdk, { is: "class" });
loadLater("normalize-package-data", sdk, { is: "function" });
for (const name of [
  "resources",
  "sdk-trace-base",
  "sdk-trace-node",
  "exporter-zipkin",
  "instrumentation-grpc",
])
  loadLater(`@opentelemetry/${name}`, sdk, { ofFunctions: true });
// By a debugger, which costs a fifth of the start: for the names of files in what is said of a function that cannot be serialized.
loadLater("@pulumi/pulumi/runtime/closure/v8Hooks", sdk, { before: { isInitializedAsync: async () => {} } });
for (const name of ["zod/v4/locales", "tar"]) loadLater(name, __dirname);

// What is made keeps its lines, so that no trace has to be mapped: the SDK takes hundreds, and shows none.
loadLater("source-map-support/register", sdk);
Error.prepareStackTrace = undefined;

const cache = path.join(__dirname, "..", "node_modules", ".cache", "typescript");
/**
 * What sucrase leaves out without a word, which is what is in a namespace, or does not take: decorators, and another name for what is in a
 * namespace. Perhaps it is in a text: it costs time then.
 */
const FOR_TYPESCRIPT =
  /(^|[;}]|\*\/)\s*(export\s+)?(namespace|module)\s+[\p{ID_Continue}$.]+\s*\{|^\s*(@[\p{ID_Start}_$(]|export\s+import\b)/mu;

/** What a file is in JavaScript: made once for each content. */
function javaScript(file) {
  const source = fs.readFileSync(file, "utf8");
  const { by, transform } = FOR_TYPESCRIPT.test(source) ? typescript() : sucrase();
  const key = createHash("sha256").update(`${by}\0${source}`).digest("hex");
  const kept = path.join(cache, `${key}.js`);
  try {
    return fs.readFileSync(kept, "utf8");
  } catch {
    // not there yet
  }
  const made = transform(source, file);
  keep(kept, made);
  return made;
}

function sucrase() {
  const options = { transforms: ["imports", "typescript"], disableESTransforms: true };
  return {
    by: `sucrase ${require("sucrase/package.json").version} ${JSON.stringify(options)}`,
    transform: (source, file) => require("sucrase").transform(source, { ...options, filePath: file }).code,
  };
}

/** Lines may differ. */
function typescript() {
  const options = {
    module: "commonjs",
    target: "es2022",
    esModuleInterop: true,
    experimentalDecorators: true,
  };
  return {
    by: `typescript ${require("typescript/package.json").version} ${JSON.stringify(options)}`,
    transform: (source, file) =>
      require("typescript").transpileModule(source, { fileName: file, compilerOptions: options }).outputText,
  };
}

/** Another process may be reading it: it sees all of it or nothing. What cannot be written is made again next time. */
function keep(file, content) {
  const partial = `${file}.${randomUUID()}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    try {
      fs.writeFileSync(partial, content);
      fs.renameSync(partial, file);
    } finally {
      fs.rmSync(partial, { force: true });
    }
  } catch {
    // a full disk, or a folder of somebody else
  }
}
