import { stringify } from "yaml";
import type { Resource } from "../../../policies/training/adapter";
import { type Changes, change, jobKinds, unknown } from "./jobs";

type Properties = Record<string, unknown>;

/** Another way to ask for the training job that passes every rule, with some of its values changed. */
export interface Way {
  name: string;
  job: (changes?: Changes) => Resource;
  /** A path of the request as it is written there. */
  written: (path: string) => string;
  /** Whether the job is started later, and not by the deployment. */
  later?: boolean;
}

/** The request of CreateTrainingJob, in the words of the API's SDK. */
export function request(changes: Changes = {}): Properties {
  const { hyperparameters, tags, ...rest } = (jobKinds[0] as (typeof jobKinds)[0]).job(changes)
    .props as Properties;
  delete rest.region;
  const list = Object.entries((tags ?? {}) as Properties).map(([key, value]) => ({ key, value }));
  return { ...rest, hyperParameters: hyperparameters, tags: list };
}

/** Keys as CloudFormation and the API have them, but for those that are the user's own. */
export function pascal(value: unknown, own = false): unknown {
  return respell(value, (key) => key.charAt(0).toUpperCase() + key.slice(1), own);
}

export function snake(value: unknown): unknown {
  return respell(value, (key) => key.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
}

function ack(value: unknown): unknown {
  return respell(value, (key) =>
    key.replace(/(Kms|Arn|Uri)(?=[A-Z]|$)/g, (word) => word.toUpperCase()).replace(/Id$/, "ID"),
  );
}

function respell(value: unknown, spell: (key: string) => string, own = false): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => respell(entry, spell));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      own ? key : spell(key),
      respell(inner, spell, own || /^(hyperParameters|staticHyperParameters|environment)$/.test(key)),
    ]),
  );
}

const capital = (path: string) =>
  path.replace(/(^|\.)([a-z])/g, (_, dot: string, letter: string) => dot + letter.toUpperCase());

function resource(type: string, props: Properties): Resource {
  return { type, name: "mednist", props: structuredClone(props) };
}

const template = (properties: unknown) => ({
  Resources: { Train: { Type: "AWS::SageMaker::TrainingJob", Properties: properties } },
});

function way(
  name: string,
  type: string,
  wrap: (request: Properties) => Properties,
  more: Partial<Way> = {},
): Way {
  return { name, job: (changes) => resource(type, wrap(request(changes))), written: capital, ...more };
}

/** The states of a machine, with this one task among them. */
const machine = (task: object) => ({
  StartAt: "Train",
  States: { Train: { Type: "Task", End: true, ...task } },
});

const task = (body: object) => JSON.stringify(machine({ ...body }));

/** Every way but those of the resources that are training jobs by their type. */
export const ways: Way[] = [
  way("aws.cloudcontrol.Resource", "aws:cloudcontrol/resource:Resource", (job) => ({
    typeName: "AWS::SageMaker::TrainingJob",
    desiredState: JSON.stringify(pascal(job)),
  })),
  way("aws-native ExtensionResource", "aws-native:index:ExtensionResource", (job) => ({
    type: "AWS::SageMaker::TrainingJob",
    properties: pascal(job),
  })),
  way("a CloudFormation template in JSON", "aws:cloudformation/stack:Stack", (job) => ({
    templateBody: JSON.stringify(template(pascal(job))),
  })),
  way("a CloudFormation template in YAML", "aws:cloudformation/stack:Stack", (job) => ({
    templateBody: stringify(template(pascal(job))),
  })),
  way("a CloudFormation template as a map", "aws-native:cloudformation:Stack", (job) => ({
    templateBody: template(pascal(job)),
  })),
  way("a stack set", "aws:cloudformation/stackSet:StackSet", (job) => ({
    templateBody: JSON.stringify(template(pascal(job))),
  })),
  way(
    "a state machine",
    "aws:sfn/stateMachine:StateMachine",
    (job) => ({
      definition: task({
        Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync",
        Parameters: pascal(job),
      }),
    }),
    { later: true },
  ),
  way(
    "a state machine that calls the SDK, in a branch of a map",
    "aws-native:stepfunctions:StateMachine",
    (job) => {
      const call = {
        Resource: "arn:aws-cn:states:::aws-sdk:sagemaker:createTrainingJob",
        Arguments: pascal(job),
      };
      const map = { Type: "Map", Items: [1], ItemProcessor: machine(call) };
      return {
        definitionString: task({ Type: "Parallel", Branches: [{ States: { Each: map } }] }),
      };
    },
    { later: true },
  ),
  way(
    "a schedule",
    "aws:scheduler/schedule:Schedule",
    (job) => ({
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:sagemaker:createTrainingJob",
        input: JSON.stringify(pascal(job)),
      },
    }),
    { later: true },
  ),
  way(
    "a pipeline, behind a condition",
    "aws:sagemaker/pipeline:Pipeline",
    (job) => {
      const step = { Name: "Train", Type: "Training", Arguments: pascal(job) };
      const condition = { Name: "If", Type: "Condition", Arguments: { IfSteps: [], ElseSteps: [step] } };
      return { pipelineDefinition: JSON.stringify({ Version: "2020-12-01", Steps: [condition] }) };
    },
    { later: true },
  ),
  way(
    "a pipeline of aws-native",
    "aws-native:sagemaker:Pipeline",
    (job) => {
      const step = { Name: "Train", Type: "Training", Arguments: pascal(job) };
      return { pipelineDefinition: { pipelineDefinitionBody: JSON.stringify({ Steps: [step] }) } };
    },
    { later: true },
  ),
  way(
    "the TrainingJob of the SageMaker controller for Kubernetes",
    "kubernetes:sagemaker.services.k8s.aws/v1alpha1:TrainingJob",
    (job) => ({ metadata: { name: "mednist" }, spec: ack(job) }),
    { written: (path) => path.replace("kmsKeyId", "kmsKeyID").replace("s3Uri", "s3URI") },
  ),
  way("a dynamic provider of another project", "pulumi-nodejs:dynamic:Resource", (job) => job, {
    written: (path) => path,
  }),
  way("a dynamic provider that has the request in one input", "pulumi-nodejs:dynamic/x:Job", (job) => ({
    __provider: unknown.text,
    request: pascal(job),
  })),
  way("a dynamic provider in Python", "pulumi-python:dynamic:Resource", (job) => snake(job) as Properties, {
    written: (path) => path.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase(),
  }),
];

/** A template around any resources, as an aws.cloudformation.Stack. */
export function stackOf(resources: object, more: Properties = {}, changes: Changes = {}): Resource {
  return resource(
    "aws:cloudformation/stack:Stack",
    change({ templateBody: JSON.stringify({ Resources: resources }), ...more }, changes),
  );
}
