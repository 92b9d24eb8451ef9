/** Types that may start training or leave machines running, by their names or inputs, and that no rule looks at; with the reason. */
export const outOfScope: readonly { reason: string; types: readonly string[] }[] = [
  {
    reason: "describes or keeps something of SageMaker, and starts no machine",
    types: list(`
      aws:sagemaker/appImageConfig:AppImageConfig aws:sagemaker/codeRepository:CodeRepository aws:sagemaker/device:Device
      aws:sagemaker/deviceFleet:DeviceFleet aws:sagemaker/featureGroup:FeatureGroup aws:sagemaker/flowDefinition:FlowDefinition
      aws:sagemaker/hub:Hub aws:sagemaker/hubContentReference:HubContentReference aws:sagemaker/humanTaskUI:HumanTaskUI
      aws:sagemaker/image:Image aws:sagemaker/imageVersion:ImageVersion aws:sagemaker/model:Model aws:sagemaker/modelCard:ModelCard
      aws:sagemaker/modelCardExportJob:ModelCardExportJob aws:sagemaker/modelPackageGroup:ModelPackageGroup
      aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy
      aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration
      aws:sagemaker/servicecatalogPortfolioStatus:ServicecatalogPortfolioStatus
      aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig aws:sagemaker/workforce:Workforce aws:sagemaker/workteam:Workteam
      aws-native:sagemaker:Action aws-native:sagemaker:AppImageConfig aws-native:sagemaker:Artifact aws-native:sagemaker:Context
      aws-native:sagemaker:Device aws-native:sagemaker:DeviceFleet aws-native:sagemaker:Experiment
      aws-native:sagemaker:ExperimentTrialComponent aws-native:sagemaker:FeatureGroup aws-native:sagemaker:Hub
      aws-native:sagemaker:HumanTaskUi aws-native:sagemaker:Image aws-native:sagemaker:ImageVersion aws-native:sagemaker:Model
      aws-native:sagemaker:ModelCard aws-native:sagemaker:ModelPackageGroup aws-native:sagemaker:StudioLifecycleConfig
      aws-native:sagemaker:TrialComponent aws-native:sagemaker:Workforce`),
  },
  {
    reason: "runs on the machines of an endpoint configuration, which is judged",
    types: list(
      "aws:sagemaker/endpoint:Endpoint aws-native:sagemaker:Endpoint aws-native:sagemaker:InferenceComponent",
    ),
  },
  {
    reason: "gives defaults to apps that people start by hand; IAM can hold these to instance types",
    types: list(`
      aws:sagemaker/domain:Domain aws:sagemaker/userProfile:UserProfile aws-native:sagemaker:Domain
      aws-native:sagemaker:UserProfile`),
  },
  {
    reason: "is a managed application of SageMaker with a size and no instance type",
    types: list(`
      aws:sagemaker/mlflowApp:MlflowApp aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer aws-native:sagemaker:MlflowApp
      aws-native:sagemaker:MlflowTrackingServer aws-native:sagemaker:PartnerApp`),
  },
  {
    reason: "provisions a product of Service Catalog, whose template is judged where it is written",
    types: list(`
      aws:sagemaker/project:Project aws-native:sagemaker:Project aws:servicecatalog/product:Product
      aws:servicecatalog/provisioningArtifact:ProvisioningArtifact aws:servicecatalog/serviceAction:ServiceAction
      aws-native:servicecatalog:ServiceAction aws-native:serverlessrepo:Application`),
  },
  {
    reason: "starts a SageMaker pipeline, which is judged where it is made",
    types: list(`
      aws:cloudwatch/eventTarget:EventTarget aws:pipes/pipe:Pipe aws-native:datazone:DataSource aws-native:events:Rule
      aws-native:pipes:Pipe`),
  },
  {
    reason: "trains in another service than SageMaker, on machines that nobody chooses",
    types: list(`
      aws:bedrock/customModel:CustomModel aws:comprehend/documentClassifier:DocumentClassifier
      aws:comprehend/entityRecognizer:EntityRecognizer aws:glue/mLTransform:MLTransform aws-native:cleanroomsml:TrainingDataset
      aws-native:comprehend:DocumentClassifier aws-native:forecast:Dataset aws-native:forecast:DatasetGroup
      aws-native:glue:MlTransform`),
  },
  {
    reason: "serves or evaluates models in Bedrock",
    types: list(`
      aws:bedrock/agentcoreEvaluator:AgentcoreEvaluator aws:bedrock/evaluationJob:EvaluationJob
      aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput aws-native:bedrockagentcore:CapacityProvider
      aws-native:bedrockagentcore:Evaluator`),
  },
  {
    reason: "runs machines of another service, on which anything may run",
    types: list(`
      aws:amplify/app:App aws:appstream/fleet:Fleet aws:appstream/imageBuilder:ImageBuilder aws:autoscaling/group:Group
      aws:batch/computeEnvironment:ComputeEnvironment aws:cloud9/environmentEC2:EnvironmentEC2 aws:cloudsearch/domain:Domain
      aws:codebuild/fleet:Fleet aws:codebuild/project:Project aws:codecatalyst/devEnvironment:DevEnvironment
      aws:dax/cluster:Cluster aws:dms/replicationInstance:ReplicationInstance aws:docdb/clusterInstance:ClusterInstance
      aws:drs/replicationConfigurationTemplate:ReplicationConfigurationTemplate
      aws:ec2/capacityReservation:CapacityReservation aws:ec2/dedicatedHost:DedicatedHost aws:ec2/fleet:Fleet
      aws:ec2/instance:Instance aws:ec2/launchConfiguration:LaunchConfiguration aws:ec2/launchTemplate:LaunchTemplate
      aws:ec2/spotFleetRequest:SpotFleetRequest aws:ec2/spotInstanceRequest:SpotInstanceRequest
      aws:ecs/capacityProvider:CapacityProvider aws:eks/cluster:Cluster aws:eks/nodeGroup:NodeGroup
      aws:elasticache/cluster:Cluster aws:elasticache/globalReplicationGroup:GlobalReplicationGroup
      aws:elasticache/replicationGroup:ReplicationGroup aws:elasticsearch/domain:Domain aws:emr/cluster:Cluster
      aws:emr/instanceFleet:InstanceFleet aws:emr/instanceGroup:InstanceGroup aws:finspace/kxCluster:KxCluster
      aws:gamelift/fleet:Fleet aws:gamelift/gameServerGroup:GameServerGroup aws:glue/devEndpoint:DevEndpoint aws:glue/job:Job
      aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration aws:lambda/capacityProvider:CapacityProvider
      aws:m2/application:Application aws:m2/environment:Environment aws:memorydb/cluster:Cluster
      aws:memorydb/multiRegionCluster:MultiRegionCluster aws:mq/broker:Broker aws:msk/cluster:Cluster
      aws:neptune/clusterInstance:ClusterInstance aws:opensearch/domain:Domain aws:outposts/capacityTask:CapacityTask
      aws:rds/cluster:Cluster aws:rds/clusterInstance:ClusterInstance aws:rds/instance:Instance aws:redshift/cluster:Cluster
      aws:redshift/scheduledAction:ScheduledAction aws:timestreaminfluxdb/dbCluster:DbCluster
      aws:timestreaminfluxdb/dbInstance:DbInstance aws:workspaces/directory:Directory
      aws-native:amazonmq:Broker aws-native:amplify:App aws-native:appstream:AppBlockBuilder
      aws-native:appstream:ImageBuilder aws-native:autoscaling:AutoScalingGroup aws-native:autoscaling:LaunchConfiguration
      aws-native:batch:ComputeEnvironment aws-native:batch:JobDefinition aws-native:codebuild:Fleet
      aws-native:datazone:Connection aws-native:deadline:Fleet aws-native:ec2:CapacityReservation
      aws-native:ec2:CapacityReservationFleet aws-native:ec2:Ec2Fleet aws-native:ec2:Host aws-native:ec2:Instance
      aws-native:ec2:LaunchTemplate aws-native:ec2:SpotFleet aws-native:ecs:CapacityProvider aws-native:eks:Cluster
      aws-native:eks:Nodegroup aws-native:elasticache:CacheCluster aws-native:elasticache:GlobalReplicationGroup
      aws-native:elasticache:ReplicationGroup aws-native:evs:Environment aws-native:gamelift:ContainerFleet
      aws-native:gamelift:Fleet aws-native:gamelift:GameServerGroup aws-native:glue:Job aws-native:glue:Session
      aws-native:imagebuilder:InfrastructureConfiguration aws-native:iotanalytics:Dataset
      aws-native:lambda:CapacityProvider aws-native:m2:Application aws-native:m2:Environment aws-native:memorydb:Cluster
      aws-native:memorydb:MultiRegionCluster aws-native:msk:Cluster aws-native:neptune:DbInstance
      aws-native:nimblestudio:LaunchProfile aws-native:opensearchservice:Domain aws-native:opsworkscm:Server
      aws-native:pcs:ComputeNodeGroup aws-native:rds:DbCluster aws-native:rds:DbInstance aws-native:redshift:Cluster
      aws-native:redshift:ScheduledAction aws-native:route53resolver:OutpostResolver
      aws-native:route53resolver:ResolverEndpoint aws-native:timestream:InfluxDbCluster
      aws-native:timestream:InfluxDbInstance aws-native:workspacesinstances:WorkspaceInstance`),
  },
  {
    reason: "has a definition or a state in its inputs that is none of machines",
    types: list(`
      aws:amp/alertManagerDefinition:AlertManagerDefinition aws:appsync/type:Type aws:bedrock/agentFlow:AgentFlow
      aws:bedrock/agentcoreMemoryStrategy:AgentcoreMemoryStrategy aws:bedrock/agentcorePolicy:AgentcorePolicy
      aws:bedrock/guardrail:Guardrail aws:budgets/budgetAction:BudgetAction aws:cfg/conformancePack:ConformancePack
      aws:cfg/organizationConformancePack:OrganizationConformancePack aws:ec2/vpcDhcpOptions:VpcDhcpOptions
      aws:glue/classifier:Classifier aws:iot/caCertificate:CaCertificate aws:iot/provisioningTemplate:ProvisioningTemplate
      aws:securityhub/insight:Insight aws:verifiedpermissions/policy:Policy aws:verifiedpermissions/schema:Schema
      aws:workspacesweb/portal:Portal
      aws-native:appsync:Type aws-native:bedrock:Flow aws-native:bedrock:Guardrail aws-native:bedrockagentcore:Memory
      aws-native:bedrockagentcore:Policy aws-native:budgets:BudgetsAction aws-native:chatbot:CustomAction
      aws-native:cloudfront:Distribution aws-native:configuration:ConformancePack
      aws-native:configuration:OrganizationConformancePack aws-native:ec2:DhcpOptions aws-native:evidently:Experiment
      aws-native:evidently:Launch aws-native:glue:Classifier aws-native:iot:CaCertificate
      aws-native:iot:ProvisioningTemplate aws-native:pcaconnectorad:Template aws-native:quicksight:Analysis
      aws-native:quicksight:Dashboard aws-native:quicksight:Template aws-native:quicksight:Topic
      aws-native:securityhub:Insight aws-native:verifiedpermissions:Policy aws-native:wisdom:AiGuardrail
      aws-native:workspacesweb:Portal`),
  },
];

function list(types: string): string[] {
  return types.trim().split(/\s+/);
}
