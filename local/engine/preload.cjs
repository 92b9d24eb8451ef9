// Loaded into the programs, policy packs and dynamic providers of the local stack before the SDK: starts them faster, and changes nothing
// that they do. Most of a preview is the start of these processes.
const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

/** Half of the SDK's own start, for what most programs never do: serializing functions, and packing node_modules for them. */
const LAZY = new Set(["typescript", "@npmcli/arborist"]);

const load = Module._load;
Module._load = function (request, ...rest) {
  const get = () => load.call(this, request, ...rest);
  return LAZY.has(request) ? lazy(get) : get();
};

/** Stands for a module, and loads it when something of it is used. Called an ES module, it is taken as it is by compiled importers. */
function lazy(get) {
  let loaded;
  const handler = {};
  for (const trap of ["get", "set", "apply", "construct"]) {
    handler[trap] = (_stand, ...args) => {
      if (trap === "get" && args[0] === "__esModule") return true;
      loaded ??= get();
      return Reflect[trap](loaded, ...(trap === "get" ? [args[0]] : args));
    };
  }
  return new Proxy((() => {}).bind(), handler);
}

// TypeScript without ts-node, which loads the compiler and compiles each file anew at every start: what swc made of a file is kept.
const cache = process.env.NODE_COMPILE_CACHE && path.join(process.env.NODE_COMPILE_CACHE, "typescript");
const options = {
  swcrc: false,
  sourceMaps: true,
  jsc: {
    parser: { syntax: "typescript", decorators: true },
    transform: { legacyDecorator: true, useDefineForClassFields: true },
    target: "es2022",
    keepClassNames: true,
  },
  module: { type: "commonjs", ignoreDynamic: true, strictMode: true },
};
const version = JSON.stringify([options, require("@swc/core/package.json").version]);
/** Path of a TypeScript file -> its source map. */
const maps = new Map();

if (process.env.PULUMI_NODEJS_TYPESCRIPT === "preloaded") {
  require.extensions[".ts"] = (module, file) => {
    const { code, map } = compiled(file, fs.readFileSync(file, "utf8"));
    maps.set(file, map);
    mapStacks();
    module._compile(code, file);
  };
}

function compiled(file, source) {
  const key = createHash("sha256").update(`${version}\0${file}\0${source}`).digest("hex");
  const kept = cache && path.join(cache, `${key}.json`);
  try {
    return JSON.parse(fs.readFileSync(kept, "utf8"));
  } catch {
    // not there yet
  }
  const { code, map } = require("@swc/core").transformSync(source, { ...options, filename: file });
  if (kept) keep(kept, JSON.stringify({ code, map }));
  return { code, map };
}

/** Another process may be reading it: it sees all of it or nothing. What cannot be written is made again next time. */
function keep(file, content) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const partial = `${file}.${randomUUID()}`;
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

let isMapping = false;
/** Stack traces name the lines that were written: of the program's files, for the maps of packages are not worth reading. */
function mapStacks() {
  if (isMapping) return;
  isMapping = true;
  const none = { version: 3, sources: [], names: [], mappings: "" };
  require(require.resolve("source-map-support", { paths: [process.cwd()] })).install({
    retrieveSourceMap: (file) => {
      if (maps.has(file)) return { url: file, map: maps.get(file) };
      return file.includes("/node_modules/") ? { url: file, map: none } : null;
    },
  });
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  // The SDK takes a trace for each of its promises, and shows it to nobody: a sixth of a program's time.
  const mapped = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise" ? String(error) : mapped(error, frames);
}
