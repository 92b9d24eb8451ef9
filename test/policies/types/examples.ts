import { kinds } from "../support/jobs";
import { pascal, request } from "../support/ways";

export const instanceType = "ml.p4d.24xlarge";
const dear = request({ "resourceConfig.instanceType": instanceType });
const template = JSON.stringify({
  Resources: { Train: { Type: "AWS::SageMaker::TrainingJob", Properties: pascal(dear) } },
});
const states = JSON.stringify({
  States: { Train: { Resource: "arn:aws:states:::sagemaker:createTrainingJob", Parameters: pascal(dear) } },
});
const steps = JSON.stringify({ Steps: [{ Name: "Train", Type: "Training", Arguments: pascal(dear) }] });
const target = {
  arn: "arn:aws:scheduler:::aws-sdk:sagemaker:createTrainingJob",
  input: JSON.stringify(pascal(dear)),
};
const clusterConfig = { instanceType, instanceCount: 1 };
const monitored = { jobResources: { clusterConfig } };
const schedule = {
  monitoringScheduleConfig: { monitoringJobDefinition: { monitoringResources: { clusterConfig } } },
};
const space = { spaceSettings: { jupyterLabAppSettings: { defaultResourceSpec: { instanceType } } } };
const transformJobDefinition = { transformResources: { instanceType, instanceCount: 1 } };
const tuned = kinds.find(({ type }) => /hyperParameterTuning/.test(type));

/** What each type asks for on a machine that is too dear, and the rule that refuses it. */
export const judged: Record<string, [rule: string, props: object]> = {
  ...rule("allowed-instance-types", {
    "aws:cloudcontrol/resource:Resource": {
      typeName: "AWS::SageMaker::TrainingJob",
      desiredState: JSON.stringify(pascal(dear)),
    },
    "aws-native:index:ExtensionResource": { type: "AWS::SageMaker::TrainingJob", properties: pascal(dear) },
    "aws:cloudformation/stack:Stack": { templateBody: template },
    "aws:cloudformation/stackSet:StackSet": { templateBody: template },
    "aws-native:cloudformation:ChangeSet": { templateBody: template },
    "aws-native:cloudformation:Stack": { templateBody: template },
    "aws-native:cloudformation:StackSet": { templateBody: template },
    "aws:sfn/stateMachine:StateMachine": { definition: states },
    "aws-native:stepfunctions:StateMachine": { definitionString: states },
    "aws:scheduler/schedule:Schedule": { target },
    "aws-native:scheduler:Schedule": { target },
    "aws:sagemaker/pipeline:Pipeline": { pipelineDefinition: steps },
    "aws-native:sagemaker:Pipeline": { pipelineDefinition: { pipelineDefinitionBody: steps } },
    "aws:sagemaker/trainingJob:TrainingJob": dear,
    "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": tuned?.job({
      "resourceConfig.instanceType": instanceType,
    }).props as object,
    "aws:sagemaker/algorithm:Algorithm": {
      validationSpecification: {
        validationProfiles: { trainingJobDefinition: { resourceConfig: clusterConfig } },
      },
    },
    "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition": monitored,
    "aws-native:sagemaker:DataQualityJobDefinition": monitored,
    "aws-native:sagemaker:ModelQualityJobDefinition": monitored,
    "aws-native:sagemaker:ModelBiasJobDefinition": monitored,
    "aws-native:sagemaker:ModelExplainabilityJobDefinition": monitored,
    "aws:sagemaker/monitoringSchedule:MonitoringSchedule": schedule,
    "aws-native:sagemaker:MonitoringSchedule": schedule,
    "aws-native:sagemaker:ProcessingJob": { processingResources: { clusterConfig } },
  }),
  ...rule("running-machines-limit", {
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": { productionVariants: [{ instanceType }] },
    "aws-native:sagemaker:EndpointConfig": { productionVariants: [{ instanceType }] },
    "aws:sagemaker/notebookInstance:NotebookInstance": { instanceType },
    "aws-native:sagemaker:NotebookInstance": { instanceType },
    "aws:sagemaker/app:App": { resourceSpec: { instanceType } },
    "aws-native:sagemaker:App": { resourceSpec: { instanceType } },
    "aws:sagemaker/space:Space": space,
    "aws-native:sagemaker:Space": space,
    "aws-native:sagemaker:Algorithm": {
      validationSpecification: { validationProfiles: [{ transformJobDefinition }] },
    },
    "aws-native:sagemaker:Cluster": { instanceGroups: [clusterConfig] },
    "aws-native:sagemaker:InferenceExperiment": {
      modelVariants: [{ infrastructureConfig: { realTimeInferenceConfig: clusterConfig } }],
    },
    "aws-native:sagemaker:ModelPackage": {
      validationSpecification: { validationProfiles: [{ transformJobDefinition }] },
    },
  }),
  ...rule("no-other-way-to-train", {
    "aws:sagemaker/labelingJob:LabelingJob": {
      labelingJobAlgorithmsConfig: { initialActiveLearningModelArn: "arn" },
    },
  }),
};

function rule(name: string, examples: Record<string, object>): Record<string, [string, object]> {
  return Object.fromEntries(Object.entries(examples).map(([type, props]) => [type, [name, props]]));
}
