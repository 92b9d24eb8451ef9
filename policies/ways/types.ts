/** This project's TrainingJob, and what keeps its data when it goes. */
export const dynamicType = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";
const ownerType = "pulumi-nodejs:dynamic/sagemaker:TrainingJobOwner";

/** Types of @pulumi/aws by what they ask for. Those of @pulumi/aws-native are told by their names. */
const awsKinds: Readonly<Record<string, string>> = {
  "aws:appautoscaling/scheduledAction:ScheduledAction": "ScalableTarget",
  "aws:appautoscaling/target:Target": "ScalableTarget",
  "aws:cloudformation/stack:Stack": "Template",
  "aws:cloudformation/stackSet:StackSet": "Template",
  "aws:sagemaker/algorithm:Algorithm": "Algorithm",
  "aws:sagemaker/app:App": "App",
  "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition": "DataQualityJobDefinition",
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": "EndpointConfig",
  "aws:sagemaker/labelingJob:LabelingJob": "LabelingJob",
  "aws:sagemaker/monitoringSchedule:MonitoringSchedule": "MonitoringSchedule",
  "aws:sagemaker/notebookInstance:NotebookInstance": "NotebookInstance",
  "aws:sagemaker/pipeline:Pipeline": "Pipeline",
  "aws:sagemaker/space:Space": "Space",
  "aws:scheduler/schedule:Schedule": "Schedule",
  "aws:sfn/stateMachine:StateMachine": "StateMachine",
};

/** Services of @pulumi/aws-native by their names in CloudFormation, as far as the rules look at them. */
const nativeServices: Readonly<Record<string, string>> = {
  applicationautoscaling: "ApplicationAutoScaling",
  cloudformation: "CloudFormation",
  sagemaker: "SageMaker",
  scheduler: "Scheduler",
  stepfunctions: "StepFunctions",
};

/** The type in CloudFormation of a type of @pulumi/aws-native: `AWS::SageMaker::Cluster`; undefined for other services. */
export function cloudFormationType(type: string): string | undefined {
  const [, service = "", name] = /^aws-native:(\w+):(\w+)$/.exec(type) ?? [];
  const own = nativeServices[service];
  return own === undefined ? undefined : `AWS::${own}::${name}`;
}

/** What a type of @pulumi/aws asks for. */
export function awsKind(type: string): string | undefined {
  return awsKinds[type];
}

/** What a custom resource of the SageMaker controller for Kubernetes (ACK) asks for. */
export function controllerKind(type: string): string | undefined {
  // What patches a resource makes it where it is not there.
  return /^kubernetes:sagemaker\.services\.k8s\.aws\/\w+:(\w+?)(?:Patch)?$/.exec(type)?.[1];
}

/** A dynamic provider that is not this project's: it may do anything with its inputs, and its code is all that tells. */
export function isForeignDynamic(type: string): boolean {
  return /^pulumi-(nodejs|python):dynamic/.test(type) && type !== dynamicType && type !== ownerType;
}

/** What keeps the data of this project's TrainingJob: its code is known, its inputs hold no request. */
export function isOwner(type: string): boolean {
  return type === ownerType;
}

/** Commands, which may start anything. */
export function isCommand(type: string): boolean {
  return /^command:(local|remote):Command$/.test(type);
}

/** Resources whose inputs are executed, or are calls, of whatever service they name. */
export function isScript(type: string): boolean {
  return scripts.test(type);
}

const scripts =
  /^aws(-native:(ssm:(Document|Association|MaintenanceWindowTask)|apigateway:(Method|RestApi))|:(ssm\/(document:Document|association:Association|maintenanceWindowTask:MaintenanceWindowTask)|apigateway\/(integration:Integration|restApi:RestApi)))$/;

/**
 * The name of a thing of SageMaker in a type of the providers for AWS, of another bridge to Terraform or of Kubernetes: `TrainingJob` of
 * `aws:index/sagemakerTrainingJob:SagemakerTrainingJob`; undefined for everything else, such as a component that somebody named so.
 */
export function sageMakerName(type: string): string | undefined {
  for (const names of sageMakerTypes) {
    const name = names.exec(type)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

const sageMakerTypes = [
  /^aws:sagemaker\/\w+:(\w+)$/,
  /^aws-native:sagemaker:(\w+)$/,
  /^[\w-]+:index\/sagemaker\w+:Sagemaker(\w+)$/,
  /^kubernetes:sagemaker\.[\w.]+\/\w+:(\w+)$/,
];

/** Kinds by their types in CloudFormation; those of SageMaker have its names. */
const templateKinds: Record<string, string> = {
  "AWS::ApplicationAutoScaling::ScalableTarget": "ScalableTarget",
  "AWS::CloudFormation::Stack": "Template",
  "AWS::CloudFormation::ChangeSet": "Template",
  "AWS::CloudFormation::StackSet": "Template",
  "AWS::StepFunctions::StateMachine": "StateMachine",
  "AWS::Serverless::StateMachine": "StateMachine",
  "AWS::Scheduler::Schedule": "Schedule",
};

/** The kind of a CloudFormation type; undefined where it neither trains nor holds what may train. */
export function kindOfType(type: string): string | undefined {
  return templateKinds[type] ?? /^AWS::SageMaker::(\w+)$/.exec(type)?.[1];
}
