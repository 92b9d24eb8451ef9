import { hasMapAt, numberAt, pathsAt, textAt, valueAt } from "../lib/properties";
import type { Resource } from "../training/resource";
import type { Ask } from "./ask";
import { asksSeen } from "./asksOf";

/** A variant of an endpoint. Each of its values is read only when asked for: one that is not known yet stops that look only. */
export interface Variant {
  /** A property of it as it is written there: `productionVariants.0.initialInstanceCount`. */
  written(name: string): string;
  /** Whether SageMaker chooses the machines, and runs them only while somebody asks. */
  isServerless(): boolean;
  /** The instance types that it may run on; nothing where none is named. */
  types(): string[];
  /** The most instances that it may have. */
  count(): number;
  /** GB of storage of each instance, where some are asked for. */
  volumeGb(): number;
  /** Of a serverless variant: MB of memory, requests at a time, and how many of these are kept ready, and billed, while nobody asks. */
  memoryMb(): number | undefined;
  maxConcurrency(): number | undefined;
  provisioned(): number;
}

export interface Endpoint {
  /** `endpoint configuration "serve" (templateBody: Resources.Serve)` */
  label: string;
  /** Those that answer, and those that get a copy of each request. */
  variants: Variant[];
}

/** The endpoints that a resource describes, a look each; nothing as long as the text that says so cannot be seen. */
export function endpointsOf(resource: Pick<Resource, "type" | "name" | "props">): (() => Endpoint)[] {
  return asksSeen(resource)
    .filter(({ kind }) => kind === "EndpointConfig")
    .map((ask) => () => {
      const place = ask.where === "" ? "" : ` (${ask.where})`;
      const paths = variantLists.flatMap((list) => pathsAt(ask.request, list));
      return {
        label: `endpoint configuration "${resource.name}"${place}`,
        variants: paths.map((path) => variantAt(ask, path)),
      };
    });
}

/** Where a request names its variants. */
export const variantLists = ["productionVariants", "shadowProductionVariants"];

function variantAt({ request, words }: Ask, path: string): Variant {
  const number = (...names: string[]) =>
    names.map((name) => numberAt(request, `${path}.${name}`)).find((value) => value !== undefined);
  const types = () => {
    const pools = pathsAt(request, `${path}.instancePools`);
    return [path, ...pools].flatMap((at) => textAt(request, `${at}.instanceType`) ?? []);
  };
  return {
    written: (name) => words(`${path}.${name}`),
    // What names a type beside it is no serverless variant.
    isServerless: () =>
      hasMapAt(request, `${path}.serverlessConfig`) &&
      valueAt(request, `${path}.instanceType`) === undefined &&
      valueAt(request, `${path}.instancePools`) === undefined,
    types,
    count: () =>
      Math.max(
        1,
        number("initialInstanceCount") ?? 0,
        number("managedInstanceScaling.maxInstanceCount") ?? 0,
      ),
    volumeGb: () => number("volumeSizeInGb", "volumeSizeInGB") ?? 0,
    memoryMb: () => number("serverlessConfig.memorySizeInMb", "serverlessConfig.memorySizeInMB"),
    maxConcurrency: () => number("serverlessConfig.maxConcurrency"),
    provisioned: () => number("serverlessConfig.provisionedConcurrency") ?? 0,
  };
}

/** How far automatic scaling may go. */
export interface Growth {
  label: string;
  /** What grows: `the instances`. */
  what: string;
  where: string;
  most: number;
}

const growing: Readonly<Record<string, string>> = {
  "sagemaker:variant:DesiredInstanceCount": "the instances",
  "sagemaker:variant:DesiredProvisionedConcurrency": "the provisioned concurrency",
};

/** Where a target, or an action at a time, says how far: the most instances, and the least, which holds where it is more. */
const capacities = ["maxCapacity", "scalableTargetAction.maxCapacity", "scalableTargetAction.minCapacity"];

/** How far a resource lets endpoints grow, a look each; undefined for what costs nothing by itself. */
export function growthOf(resource: Pick<Resource, "type" | "name" | "props">): (() => Growth | undefined)[] {
  return asksSeen(resource)
    .filter(({ kind }) => kind === "ScalableTarget")
    .flatMap(({ request, where, words }) => {
      const growth = (path: string) => (): Growth | undefined => {
        const what = growing[textAt(request, "scalableDimension") ?? ""];
        const most = numberAt(request, path);
        if (what === undefined || most === undefined) return undefined;
        const place = where === "" ? "" : ` (${where})`;
        return { label: `scaling target "${resource.name}"${place}`, what, where: words(path), most };
      };
      const inActions = () =>
        pathsAt(request, "scheduledActions").flatMap((action) =>
          capacities.slice(1).map((path) => `${action}.${path}`),
        );
      try {
        return [...capacities, ...inActions()].map(growth);
      } catch (error) {
        // Its actions are not known yet, or cannot be read.
        const rethrow = (): Growth | undefined => {
          throw error;
        };
        return [...capacities.map(growth), rethrow];
      }
    });
}
