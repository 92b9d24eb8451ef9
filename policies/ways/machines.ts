import { hasMapAt, listAt, numberAt, pathsAt, textAt, valueAt } from "../lib/properties";
import type { Resource } from "../training/resource";
import type { Ask } from "./ask";
import { asksSeen } from "./asksOf";
import { variantLists } from "./endpoints";

/** Machines that somebody pays for from the deployment on, until they are taken down, or for as long as a batch takes. */
export interface Machines {
  /** What they are for: `endpoint configuration "serve" (templateBody: Resources.Serve)`. */
  label: string;
  /** Path of the property that names the type. */
  where: string;
  /** Such as `ml.m5.large`; undefined where none is named. */
  type: string | undefined;
  count: number;
  /** Machines that run only while they are asked, which SageMaker chooses. */
  serverless: boolean;
  /** Whether they are an endpoint's, whose instances count together: endpoints.ts. */
  ofEndpoint: boolean;
}

/** One look at some machines: reading them may find a value that is not known yet, which stops this look only. */
export type MachineLook = () => Machines | undefined;

/** What a resource leaves running; nothing as long as the text that says so cannot be seen. */
export function machinesOf(resource: Pick<Resource, "type" | "name" | "props">): MachineLook[] {
  return asksSeen(resource).flatMap((ask) => {
    const place = ask.where === "" ? "" : ` (${ask.where})`;
    const [what, places] = machines[ask.kind] ?? ["", () => []];
    const label = `${what} "${resource.name}"${place}`;
    try {
      return places(ask).map((at) => () => machinesAt(ask, label, at));
    } catch (error) {
      // Its list of machines is not known yet, or cannot be read.
      return [
        () => {
          throw error;
        },
      ];
    }
  });
}

/** Where a kind names its machines: paths to the maps that hold type and count. */
type Places = (ask: Ask) => string[];

const one =
  (path: string): Places =>
  (ask) =>
    valueAt(ask.request, path) === undefined ? [] : [path];
const itself: Places = () => [""];
const each =
  (...lists: string[]): Places =>
  ({ request }) =>
    lists.flatMap((list) => pathsAt(request, list));

const appSettings = ["codeEditor", "jupyterLab", "jupyterServer", "kernelGateway"];
const validation = "validationSpecification.validationProfiles";

const machines: Readonly<Record<string, readonly [string, Places]>> = {
  Algorithm: ["validation of algorithm", ({ request }) => resourcesIn(request, profiles(request))],
  App: ["app", itself],
  Cluster: ["cluster", each("instanceGroups", "restrictedInstanceGroups")],
  EndpointConfig: [
    "endpoint configuration",
    ({ request }) => [
      ...variantLists.flatMap((list) =>
        pathsAt(request, list).flatMap((variant) => [
          variant,
          ...pathsAt(request, `${variant}.instancePools`),
        ]),
      ),
    ],
  ],
  InferenceExperiment: [
    "inference experiment",
    ({ request }) =>
      pathsAt(request, "modelVariants").map(
        (variant) => `${variant}.infrastructureConfig.realTimeInferenceConfig`,
      ),
  ],
  ModelPackage: [
    "validation of model package",
    ({ request }) => resourcesIn(request, pathsAt(request, validation)),
  ],
  NotebookInstance: ["notebook", itself],
  Space: [
    "space",
    (ask) => appSettings.flatMap((app) => one(`spaceSettings.${app}AppSettings.defaultResourceSpec`)(ask)),
  ],
  TransformJob: ["transform job", one("transformResources")],
};

function resourcesIn(request: unknown, places: string[]): string[] {
  return places
    .map((profile) => `${profile}.transformJobDefinition.transformResources`)
    .filter((path) => valueAt(request, path) !== undefined);
}

/** The profiles that validate an algorithm: a list in the API; @pulumi/aws has one. */
function profiles(request: unknown): string[] {
  return Array.isArray(valueAt(request, validation)) ? pathsAt(request, validation) : [validation];
}

function machinesAt({ request, kind, words }: Ask, label: string, at: string): Machines | undefined {
  const inside = (name: string) => (at === "" ? name : `${at}.${name}`);
  const where = kind === "App" ? "resourceSpec.instanceType" : inside("instanceType");
  const serverless = hasMapAt(request, inside("serverlessConfig"));
  const type = textAt(request, where);
  // The pools of a variant name its types, and are looked at by themselves.
  const pools = valueAt(request, inside("instancePools")) ?? valueAt(request, inside("instanceRequirements"));
  if (type === undefined && pools !== undefined) return requirement(request, at, label, words);
  const ofEndpoint = kind === "EndpointConfig";
  return { label, where: words(where), type, count: countAt(request, inside), serverless, ofEndpoint };
}

/** A group of a cluster that leaves the choice among several types; an endpoint's pools stand for themselves. */
function requirement(request: unknown, at: string, label: string, words: Ask["words"]): Machines | undefined {
  const list = `${at}.instanceRequirements.instanceTypes`;
  const types = Array.from(listAt(request, list));
  if (types.length === 0) return undefined;
  const count = countAt(request, (name) => `${at}.${name}`);
  return { label, where: words(list), type: types.join(", "), count, serverless: false, ofEndpoint: false };
}

function countAt(request: unknown, inside: (name: string) => string): number {
  const names = ["instanceCount", "initialInstanceCount", "managedInstanceScaling.maxInstanceCount"];
  return Math.max(1, ...names.map((name) => numberAt(request, inside(name)) ?? 0));
}
