/** The folders of components/trainingJob in the order in which its data flows: each imports only from those before it. */
const FLOW = [
  "args",
  "model",
  "engine",
  "aws",
  "request",
  "identity",
  "cost",
  "check",
  "state",
  "record",
  "run",
  "change",
];
const folder = (name) => `^components/trainingJob/${name}/`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circular-files", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-circular-folders",
      severity: "error",
      scope: "folder",
      from: { path: "^components" },
      to: { circular: true },
    },
    ...FLOW.map((name, index) => ({
      name: `${name}-imports-only-from-before`,
      severity: "error",
      from: { path: folder(name) },
      to: {
        path: [...FLOW.slice(index + 1).map(folder), "^components/[^/]+$", "^components/trainingJob/[^/]+$"],
      },
    })),
    {
      name: "components-know-nothing-of-the-local-stack",
      severity: "error",
      from: { path: "^components/" },
      to: { path: ["^local/", "^policies/"] },
    },
    {
      name: "policies-see-only-properties",
      severity: "error",
      from: { path: "^policies/" },
      // A checkout loads the TypeScript of all its parts the same way; a published pack has none.
      to: { path: ["^components/", "^local/"], pathNot: "^components/fastStart[.]js$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".cjs", ".mjs", ".json"] },
  },
};
