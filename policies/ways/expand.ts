import { mapAt, type Properties, pathsAt, textAt, valueAt } from "../lib/properties";
import { parsedJson } from "../lib/unreadable";
import { called } from "./actions";
import { type Ask, type Asks, pascalAsk, unresolved } from "./ask";
import { pipelineReferences, stateReferences, templateReferences } from "./references";
import { multiplied, once, type Repeats, repeatsOf, repeatsOfStep } from "./repeats";
import { parsedTemplate } from "./template";
import { kindOfType } from "./types";
import { asItIs, type Resolve, Unresolvable, viewOf } from "./view";

const inline = "Write the definition in the program, where the rules can look at it";

/** What is asked for by an ask that only holds others: the resources of a template, the steps of a pipeline, the tasks of a state machine. */
export function expand(ask: Ask, found: Asks): void {
  const container = containers[ask.kind];
  if (container === undefined) {
    found.asks.push(ask);
  } else {
    container(ask, found);
  }
}

/** The same of a request that is written in PascalCase. One that only another service can tell hides nothing of the others. */
function expandPascal(
  found: Asks,
  {
    kind,
    where,
    raw,
    resolve,
    later,
  }: { kind: string; where: string; raw: unknown; resolve: Resolve; later: boolean },
): void {
  try {
    expand(pascalAsk(kind, where, raw ?? {}, resolve, later), found);
  } catch (error) {
    if (!(error instanceof Unresolvable)) throw error;
    found.unseen.push(unresolved(where, error.reference));
  }
}

const containers: Record<string, (ask: Ask, found: Asks) => void> = {
  Template: template,
  Pipeline: pipeline,
  StateMachine: stateMachine,
  Schedule: schedule,
  // Of the other services' it holds nothing that the rules look at.
  ScalableTarget: (ask, found) => {
    if (textAt(ask.request, "serviceNamespace") === "sagemaker") found.asks.push(ask);
  },
};

function template({ request, where, words, later }: Ask, found: Asks): void {
  const body = valueAt(request, "templateBody");
  const at = inside(where, words("templateBody"));
  if (body === undefined) {
    const source = textAt(request, "templateUrl") ?? textAt(request, "templateURL");
    if (source !== undefined) {
      // Whoever has the rest of a signed address can read what it names.
      const address = source.replace(/[?#].*$/s, "");
      found.unseen.push({ where, found: `takes its template from ${address}`, source, fix: inline });
    }
    return;
  }
  const parsed = parsedTemplate(body, at);
  if (valueAt(parsed, "Transform") !== undefined) {
    const macros = JSON.stringify(valueAt(parsed, "Transform"));
    found.unseen.push({
      where: at,
      found: `is changed by ${macros} before it is used`,
      source: macros.replaceAll('"', ""),
      fix: "Write the template as it is after the transform",
    });
  }
  if (includesResources(parsed)) {
    found.unseen.push({
      where: at,
      found: "is changed by Fn::Transform before it is used",
      source: "Fn::Transform",
      fix: "Write the template as it is after the transform",
    });
  }
  const resolve = templateReferences(parsed, (name) => givenParameter(request, name));
  const resources = mapAt(parsed, "Resources");
  for (const [name, resource] of Object.entries(resources)) {
    const place = `${at}: Resources.${name}`;
    if (Array.isArray(resource)) {
      found.unseen.push({ where: place, found: "makes resources in a loop", fix: inline });
      continue;
    }
    const type = textAt(resource, "Type") ?? "";
    if (type.endsWith("::MODULE")) {
      const made = `is the module ${type}, which makes resources of its own`;
      found.unseen.push({ where: place, found: made, source: type, fix: inline });
    }
    const kind = kindOfType(type);
    const raw = valueAt(resource, "Properties");
    if (kind !== undefined) expandPascal(found, { kind, where: place, raw, resolve, later });
  }
}

/** Whether a macro may put resources in. One inside of a resource's properties is a reference, and matters where a rule needs the value. */
function includesResources(template: Properties): boolean {
  const resources = mapAt(template, "Resources");
  return [template, resources, ...Object.values(resources)].some(
    (part) => typeof part === "object" && part !== null && "Fn::Transform" in part,
  );
}

/** Parameters are a map, or the list of a stack set. */
function givenParameter(request: Properties, name: string): unknown {
  const given = valueAt(request, "parameters");
  if (!Array.isArray(given)) return valueAt(given, name);
  const entry = given.find((each) => textAt(each, "parameterKey") === name);
  return valueAt(entry, "parameterValue");
}

function pipeline({ request, where, words }: Ask, found: Asks): void {
  const written = valueAt(request, "pipelineDefinition");
  // A map of these in CloudFormation, where it is a text in @pulumi/aws.
  const holder = typeof written === "object" ? written : {};
  const text = valueAt(holder, "pipelineDefinitionBody") ?? written;
  const location =
    valueAt(request, "pipelineDefinitionS3Location") ?? valueAt(holder, "pipelineDefinitionS3Location");
  if (location !== undefined) {
    found.unseen.push(storedDefinition(where, location, "objectKey"));
    return;
  }
  const at = inside(where, words("pipelineDefinition"));
  const definition = parsedJson(text, at);
  steps(definition, "Steps", at, pipelineReferences(definition), found);
}

/** Kinds of what the steps of a pipeline ask for, by their types. */
const stepKinds: Record<string, string> = {
  Training: "TrainingJob",
  Tuning: "HyperParameterTuningJob",
  Processing: "ProcessingJob",
  ClarifyCheck: "ProcessingJob",
  QualityCheck: "ProcessingJob",
  Transform: "TransformJob",
  EndpointConfig: "EndpointConfig",
};

function steps(holder: unknown, list: string, at: string, resolve: Resolve, found: Asks): void {
  for (const path of pathsAt(holder, list)) {
    const step = valueAt(holder, path);
    const type = textAt(step, "Type") ?? "";
    const where = `${at}: step ${textAt(step, "Name") ?? "without a name"}`;
    const kind = stepKinds[type];
    if (kind !== undefined) {
      repeated(found, repeatsOfStep(step), () =>
        expandPascal(found, { kind, where, raw: valueAt(step, "Arguments"), resolve, later: true }),
      );
    } else if (type === "AutoML") {
      found.unseen.push({ where, ...choosesItself });
    } else if (!otherSteps.test(type)) {
      found.unseen.push({
        where,
        found: `is a step of the type ${type}, which is not known here`,
        fix: knownStep,
      });
    }
    if (type !== "Condition") continue;
    steps(step, "Arguments.IfSteps", at, resolve, found);
    steps(step, "Arguments.ElseSteps", at, resolve, found);
  }
}

/** Steps that start no machine of SageMaker, or what a rule on its resource looks at. */
const otherSteps =
  /^(Callback|Condition|EMR|EMRServerless|Endpoint|Fail|InferenceComponent|Lambda|Model|RegisterModel)$/;
const knownStep = "Use a step of a training, tuning or processing job, which the rules can look at";

const choosesItself = {
  found: "trains on machines that SageMaker chooses",
  fix: "Use a training or a tuning job, whose machines the rules can look at",
};

function stateMachine({ request, where, words }: Ask, found: Asks): void {
  const location = valueAt(request, "definitionS3Location") ?? valueAt(request, "definitionUri");
  if (location !== undefined) {
    found.unseen.push(storedDefinition(where, location, "key"));
    return;
  }
  const name = valueAt(request, "definitionString") === undefined ? "definition" : "definitionString";
  const at = inside(where, words(name));
  const raw = valueAt(request, name);
  const substituted = typeof raw === "string" ? substitute(raw, request) : raw;
  tasks(parsedJson(substituted, at), at, found);
}

function substitute(text: string, request: Properties): string {
  return text.replace(
    /\$\{(\w+)\}/g,
    (mark, name: string) => textAt(request, `definitionSubstitutions.${name}`) ?? mark,
  );
}

/** Every task of a state machine, those of its parallel branches and maps included. */
function tasks(machine: unknown, at: string, found: Asks): void {
  // A definition that is given as a map has the keys of the language, whichever way these were written.
  const states = { ...mapAt(machine, "states"), ...mapAt(machine, "States") };
  for (const [name, state] of Object.entries(states)) {
    const key = (pascal: string) =>
      valueAt(state, pascal) ?? valueAt(state, pascal.charAt(0).toLowerCase() + pascal.slice(1));
    const where = `${at}: state ${name}`;
    repeated(found, repeatsOf(name, state, states), () => {
      call(
        String(key("Resource") ?? ""),
        key("Arguments") ?? key("Parameters") ?? {},
        where,
        stateReferences,
        found,
      );
      const branches = [...pathsAt(state, "Branches"), ...pathsAt(state, "branches")];
      for (const branch of branches) tasks(valueAt(state, branch), at, found);
      tasks(key("ItemProcessor") ?? key("Iterator") ?? {}, at, found);
    });
  }
}

/** Makes what is found meanwhile one that is asked for so often. */
function repeated(found: Asks, repeats: Repeats, find: () => void): void {
  const before = found.asks.length;
  find();
  for (const ask of found.asks.slice(before)) ask.repeats = multiplied(ask.repeats ?? once, repeats);
}

function schedule({ request, where, words }: Ask, found: Asks): void {
  const arn = textAt(request, "target.arn") ?? "";
  const at = inside(where, words("target.input"));
  // The input of another service's target may be anything.
  if (called(arn, {}) === undefined && !/:cloudcontrol:/i.test(arn)) return;
  call(arn, parsedJson(valueAt(request, "target.input"), at) ?? {}, at, asItIs, found);
}

function call(resource: string, request: unknown, where: string, resolve: Resolve, found: Asks): void {
  const what = called(resource, request);
  if (what === undefined) return;
  if ("kind" in what) {
    expandPascal(found, { kind: what.kind, where, raw: what.raw, resolve, later: true });
    return;
  }
  found.unseen.push({
    where,
    found: `calls ${what.unseen}, whose machines are not in the request`,
    fix: "Call createTrainingJob, createHyperParameterTuningJob or createProcessingJob, which the rules can look at",
  });
}

function storedDefinition(where: string, location: unknown, key: string) {
  const view = viewOf(location);
  const source =
    typeof view === "string"
      ? view
      : `s3://${textAt(view, "bucket") ?? ""}/${textAt(view, key) ?? textAt(view, "key") ?? ""}`;
  return { where, found: `takes its definition from ${source}`, source, fix: inline };
}

function inside(where: string, what: string): string {
  return where === "" ? what : `${where}.${what}`;
}
