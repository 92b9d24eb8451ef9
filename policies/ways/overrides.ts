import { pathsAt, textAt, valueAt } from "../lib/properties";
import type { Unknowns } from "../lib/unknowns";
import type { Unseen } from "./ask";

/** Where a resource gives parameters to a template or a pipeline that another one has, and that is judged by its defaults. */
const places: Readonly<Record<string, string>> = {
  "aws:cloudformation/stackInstances:StackInstances": "parameterOverrides",
  "aws:cloudformation/stackSetInstance:StackSetInstance": "parameterOverrides",
  "aws-native:cloudformation:StackSet": "stackInstancesGroup",
  "aws:cloudwatch/eventTarget:EventTarget": "sagemakerPipelineTarget.pipelineParameterLists",
  "aws:pipes/pipe:Pipe": "targetParameters.sagemakerPipelineParameters.pipelineParameters",
  "aws-native:pipes:Pipe": "targetParameters.sageMakerPipelineParameters.pipelineParameterList",
  "aws:scheduler/schedule:Schedule": "target.sagemakerPipelineParameters.pipelineParameters",
  "aws-native:scheduler:Schedule": "target.sageMakerPipelineParameters.pipelineParameterList",
};

/** Whether a resource of this type may give parameters to a definition that another one has. */
export function mayOverride(type: string): boolean {
  return type in places;
}

/** The instance types among the parameters that a resource gives: which of the definition's properties they end up in is not to be seen. */
export function overridesIn(type: string, props: Record<string, unknown>, unknowns: Unknowns): Unseen[] {
  const where = places[type];
  const found: Unseen[] = [];
  if (where === undefined) return found;
  const look = (name: string, path: string) =>
    unknowns.look(() => {
      const value = textAt(props, path) ?? "";
      if (!value.startsWith("ml.")) return;
      found.push({
        where: path,
        found: `gives the parameter ${name} the value ${value} from outside of the definition`,
        fix: "Give the definition that value itself, where the rules can look at it",
      });
    });
  unknowns.look(() => {
    const given = valueAt(props, where);
    if (given === undefined) return;
    if (!Array.isArray(given)) {
      for (const name of Object.keys(given as object)) look(name, `${where}.${name}`);
      return;
    }
    for (const entry of pathsAt(props, where)) {
      const groups = pathsAt(props, `${entry}.parameterOverrides`);
      for (const at of [entry, ...groups]) {
        const key = valueAt(props, `${at}.parameterKey`) === undefined ? "name" : "parameterKey";
        const name = textAt(props, `${at}.${key}`);
        if (name !== undefined) look(name, `${at}.${key === "name" ? "value" : "parameterValue"}`);
      }
    }
  });
  return found;
}
