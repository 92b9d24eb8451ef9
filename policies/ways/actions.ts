import { textAt, valueAt } from "../lib/properties";
import { parsedJson } from "../lib/unreadable";
import { kindOfType } from "./types";

/** What a state of a state machine, or a schedule, asks for: a request that can be looked at, or an action of SageMaker that tells too little. */
export type Called = { kind: string; raw: unknown } | { unseen: string };

/**
 * What a call asks for, by the resource that a state or a schedule names; undefined for what starts nothing of SageMaker. An action that is
 * not known here counts as one that may.
 */
export function called(resource: string, request: unknown): Called | undefined {
  const [, service = "", action = ""] =
    /^arn:[\w-]+:(?:states|scheduler):::(?:aws-sdk:)?(\w+):(\w+)/i.exec(resource) ?? [];
  switch (service.toLowerCase()) {
    case "sagemaker":
      return calledOfSageMaker(action, request);
    case "cloudformation":
      return deploys(/^((create|update)Stack(Set)?|createChangeSet)$/i, "Template", action, request);
    case "sfn":
      return deploys(/^(create|update)StateMachine$/i, "StateMachine", action, request);
    case "scheduler":
      return deploys(/^(create|update)Schedule$/i, "Schedule", action, request);
    case "cloudcontrol":
      return calledOfCloudControl(action, request);
    default:
      return undefined;
  }
}

function deploys(actions: RegExp, kind: string, action: string, request: unknown): Called | undefined {
  return actions.test(action) ? { kind, raw: request } : undefined;
}

function calledOfCloudControl(action: string, request: unknown): Called | undefined {
  if (!/^createResource$/i.test(action)) return undefined;
  const kind = kindOfType(textAt(request, "TypeName") ?? "");
  return kind === undefined
    ? undefined
    : { kind, raw: parsedJson(valueAt(request, "DesiredState"), "DesiredState") };
}

/** What the rules look at in a request: its machines stand in it. */
const looked =
  /^(TrainingJob|HyperParameterTuningJob|ProcessingJob|TransformJob|Algorithm|ModelPackage|EndpointConfig|NotebookInstance|App|Space|Cluster|InferenceExperiment|MonitoringSchedule|(Data|Model)QualityJobDefinition|Model(Bias|Explainability)JobDefinition|Pipeline)$/i;

/** What reads, ends, labels, or hands over data. */
const startsNothing =
  /^(describe|list|get|batchGet|batchDescribe|search|query|render|stop|delete|batchDelete|batchPutMetrics|addTags|addAssociation|disassociate|deregister|disable|createPresigned|createPartnerAppPresigned|sendPipelineExecutionStep|invoke|record)/i;

/** What is only kept, or runs on machines that something else starts: `policies/outOfScope.ts` has them by their resources. */
const kept =
  /^(Action|AppImageConfig|Artifact|CodeRepository|ClusterSchedulerConfig|Context|Device\w*|Domain|EdgeDeployment\w*|Endpoint|Experiment|ExperimentTrialComponent|FeatureGroup|FeatureMetadata|FlowDefinition|Hub\w*|HumanTaskUi|HumanTaskUI|Image|ImageVersion|InferenceComponent|Mlflow(App|TrackingServer)|Model|ModelCard\w*|ModelPackageGroup\w*|NotebookInstanceLifecycleConfig\w*|PartnerApp|Project|ServicecatalogPortfolioStatus|StudioLifecycleConfig|Trial|TrialComponent|UserProfile|Workforce|Workteam)$/i;

/** Whether something of SageMaker, by its name in the API, starts no machine of its own. */
export function startsNoMachine(kind: string): boolean {
  return kept.test(kind);
}

/** Whether a rule looks at the machines in a request of this kind, or there are none in it. */
export function isKnown(kind: string): boolean {
  return looked.test(kind) || startsNoMachine(kind) || /^(LabelingJob|ScalableTarget)$/.test(kind);
}

function calledOfSageMaker(action: string, request: unknown): Called | undefined {
  if (startsNothing.test(action)) return undefined;
  const [, verb = "", kind = ""] = /^(create|update|register|import)(\w+)$/i.exec(action) ?? [];
  const isCreate = /^create$/i.test(verb);
  if (isCreate && looked.test(kind)) return { kind, raw: request };
  // A new configuration or package of an endpoint's model may bring machines: only these of what is kept may be changed unseen.
  const isKept = startsNoMachine(kind) && (isCreate || !/^(Endpoint|InferenceComponent)$/i.test(kind));
  if (isKept || /^updateModelPackage$/i.test(action)) return undefined;
  return { unseen: action };
}
