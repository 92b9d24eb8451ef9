import { runningMachinesLimit } from "../../../policies/rules/runningMachinesLimit";
import { examine } from "../support/examine";
import { assertNotApplicable, assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { unknown } from "../support/jobs";
import { pascal, stackOf } from "../support/ways";

const look = (type: string, props: object, config = {}) =>
  examine(runningMachinesLimit, { type, name: "x", props: { ...props } }, config);

const instanceType = "ml.p4d.24xlarge";
const endpoint = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const variants = (...productionVariants: object[]) => ({ productionVariants });

/** Everything that leaves machines running, on one that is too dear, and where that is written. */
const dear: [string, string, object, string][] = [
  [endpoint, "endpoint configuration", variants({ instanceType }), "productionVariants.0.instanceType"],
  [
    endpoint,
    "endpoint configuration",
    { shadowProductionVariants: [{ instanceType }] },
    "shadowProductionVariants.0.instanceType",
  ],
  [
    "aws-native:sagemaker:EndpointConfig",
    "endpoint configuration",
    variants({ instancePools: [{ instanceType }] }),
    "productionVariants.0.instancePools.0.instanceType",
  ],
  ["aws:sagemaker/notebookInstance:NotebookInstance", "notebook", { instanceType }, "instanceType"],
  ["aws:sagemaker/app:App", "app", { resourceSpec: { instanceType } }, "resourceSpec.instanceType"],
  [
    "aws:sagemaker/space:Space",
    "space",
    { spaceSettings: { jupyterLabAppSettings: { defaultResourceSpec: { instanceType } } } },
    "spaceSettings.jupyterLabAppSettings.defaultResourceSpec.instanceType",
  ],
  [
    "aws-native:sagemaker:Cluster",
    "cluster",
    { instanceGroups: [{ instanceType, instanceCount: 1 }] },
    "instanceGroups.0.instanceType",
  ],
  [
    "aws-native:sagemaker:Cluster",
    "cluster",
    { instanceGroups: [{ instanceRequirements: { instanceTypes: ["ml.t3.large", instanceType] } }] },
    "instanceRequirements.instanceTypes",
  ],
  [
    "aws-native:sagemaker:InferenceExperiment",
    "inference experiment",
    { modelVariants: [{ infrastructureConfig: { realTimeInferenceConfig: { instanceType } } }] },
    "realTimeInferenceConfig.instanceType",
  ],
  [
    "aws-native:sagemaker:ModelPackage",
    "validation of model package",
    {
      validationSpecification: {
        validationProfiles: [{ transformJobDefinition: { transformResources: { instanceType } } }],
      },
    },
    "transformResources.instanceType",
  ],
  [
    "aws:sagemaker/algorithm:Algorithm",
    "validation of algorithm",
    {
      validationSpecification: {
        validationProfiles: { transformJobDefinition: { transformResources: { instanceType } } },
      },
    },
    "transformResources.instanceType",
  ],
  [
    "kubernetes:sagemaker.services.k8s.aws/v1alpha1:EndpointConfig",
    "endpoint configuration",
    { spec: variants({ instanceType }) },
    "productionVariants.0.instanceType",
  ],
];

describe("running-machines-limit", () => {
  for (const [type, what, props, where] of dear) {
    it(`refuses a machine that is not allowed: ${type}, ${where}`, () => {
      assertRefuses(look(type, props), `${what} "x"`, instanceType, where);
      assertPasses(look(type, props, { allowedRunningTypes: [instanceType, "ml.t3.*"] }));
    });
  }

  it("looks into templates and state machines", () => {
    const Properties = pascal(variants({ instanceType }));
    assertRefuses(
      examine(
        runningMachinesLimit,
        stackOf({ Serve: { Type: "AWS::SageMaker::EndpointConfig", Properties } }),
      ),
      "(templateBody: Resources.Serve)",
      "Set ProductionVariants.0.InstanceType",
    );
    const Resource = "arn:aws:states:::sagemaker:createTransformJob.sync";
    const Parameters = { TransformResources: { InstanceType: instanceType, InstanceCount: 1 } };
    const definition = JSON.stringify({ States: { T: { Resource, Parameters } } });
    assertRefuses(look("aws:sfn/stateMachine:StateMachine", { definition }), "transform job");
  });

  it("bounds the count, also what an endpoint may grow to", () => {
    const few = { instanceType: "ml.m5.large", initialInstanceCount: 2 };
    assertPasses(look(endpoint, variants(few)));
    assertRefuses(
      look(endpoint, variants({ ...few, initialInstanceCount: 3 })),
      "3 instances",
      "the limit is 2",
    );
    const grows = { ...few, managedInstanceScaling: { maxInstanceCount: 9 } };
    assertRefuses(look(endpoint, variants(grows)), "9 instances");
  });

  it("counts the instances of all variants of an endpoint together, and those that a pool of types shares", () => {
    const one = { instanceType: "ml.m5.large", initialInstanceCount: 1 };
    assertPasses(look(endpoint, variants(one, one)));
    assertRefuses(look(endpoint, variants(one, one, one)), "3 instances", "the limit is 2");
    assertRefuses(look(endpoint, { ...variants(one, one), shadowProductionVariants: [one] }), "3 instances");
    const pools = [{ instanceType: "ml.m5.large" }, { instanceType: "ml.m5.xlarge" }];
    const many = { instancePools: pools, initialInstanceCount: 3 };
    assertRefuses(look("aws-native:sagemaker:EndpointConfig", variants(many)), "3 instances");
    const later = { ...one, initialInstanceCount: unknown.number };
    assertUnseen(look(endpoint, variants(one, later)), "productionVariants.1.initialInstanceCount");
    assertRefuses(look(endpoint, variants(one, later, one, one)), "3 instances");
  });

  it("bounds what is kept ready of serverless endpoints", () => {
    const serverlessConfig = { memorySizeInMb: 2048, maxConcurrency: 9, provisionedConcurrency: 2 };
    assertPasses(look(endpoint, variants({ serverlessConfig })));
    assertRefuses(
      look(endpoint, variants({ serverlessConfig }, { serverlessConfig })),
      "a provisioned concurrency of 4",
      "productionVariants.1.serverlessConfig.provisionedConcurrency",
    );
  });

  it("bounds how far automatic scaling may go at a time", () => {
    const of = { serviceNamespace: "sagemaker", scalableDimension: "sagemaker:variant:DesiredInstanceCount" };
    const action = "aws:appautoscaling/scheduledAction:ScheduledAction";
    const at = (scalableTargetAction: unknown) => look(action, { ...of, scalableTargetAction });
    assertPasses(at({ maxCapacity: 2, minCapacity: 0 }));
    assertRefuses(
      at({ maxCapacity: 100 }),
      "the instances",
      "to 100",
      "Lower scalableTargetAction.maxCapacity",
    );
    assertRefuses(at({ minCapacity: 50 }), "scalableTargetAction.minCapacity");
    assertUnseen(at({ maxCapacity: unknown.number }), "scalableTargetAction.maxCapacity");
    assertPasses(
      look(action, { ...of, serviceNamespace: "ecs", scalableTargetAction: { maxCapacity: 100 } }),
    );
    const native = "aws-native:applicationautoscaling:ScalableTarget";
    const scheduledActions = [{ scalableTargetAction: { maxCapacity: 100 } }];
    assertRefuses(look(native, { ...of, maxCapacity: 1, scheduledActions }), "scheduledActions.0.");
    assertUnseen(look(native, { ...of, maxCapacity: 1, scheduledActions: unknown.list }), "scheduledActions");
  });

  for (const type of ["notebookInstance:NotebookInstance", "app:App", "space:Space"]) {
    it(`has nothing to say of what is not part of the update: ${type}`, () =>
      assertNotApplicable(look(`aws:sagemaker/${type}`, {}), "not part of this update"));
  }

  it("bounds how far automatic scaling may go", () => {
    for (const type of [
      "aws:appautoscaling/target:Target",
      "aws-native:applicationautoscaling:ScalableTarget",
    ]) {
      const scaled = (scalableDimension: string, maxCapacity: unknown, serviceNamespace = "sagemaker") =>
        look(type, { serviceNamespace, scalableDimension, maxCapacity, minCapacity: 1, resourceId: "x" });
      const instances = "sagemaker:variant:DesiredInstanceCount";
      assertPasses(scaled(instances, 2));
      assertRefuses(
        scaled(instances, 3),
        'scaling target "x"',
        "the instances",
        "the limit is 2",
        "maxCapacity",
      );
      assertRefuses(scaled("sagemaker:variant:DesiredProvisionedConcurrency", 3), "provisioned concurrency");
      assertRefuses(scaled(instances, "many"), "could not be judged", "maxCapacity");
      assertUnseen(scaled(instances, unknown.number), "maxCapacity");
      assertPasses(scaled("ecs:service:DesiredCount", 90, "ecs"));
    }
    const Properties = {
      ServiceNamespace: "sagemaker",
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      MaxCapacity: 9,
    };
    const Type = "AWS::ApplicationAutoScaling::ScalableTarget";
    assertRefuses(
      examine(runningMachinesLimit, stackOf({ Grow: { Type, Properties } })),
      "Lower MaxCapacity",
    );
  });

  it("lets serverless endpoints pass, and asks for them where it is configured to", () => {
    const serverless = variants({ serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 1 } });
    const instances = variants({ instanceType: "ml.m5.large", initialInstanceCount: 1 });
    for (const requireServerless of [true, false])
      assertPasses(look(endpoint, serverless, { requireServerless }));
    assertPasses(look(endpoint, instances));
    assertRefuses(
      look(endpoint, instances, { requireServerless: true }),
      "must be serverless",
      "Set serverlessConfig",
    );
  });

  it("refuses an app that names no machine, which then gets that of its domain", () => {
    assertRefuses(look("aws:sagemaker/app:App", { appType: "JupyterLab" }), "no named instance type");
  });

  it("says that it could not look at a value which is not known yet", () => {
    const later = variants({ instanceType: unknown.text });
    assertUnseen(look(endpoint, later), "instanceType");
  });

  it("never takes a value of a wrong type for one that is not set", () => {
    for (const productionVariants of ["wrong", 7, { instanceType }, [7], ["wrong"]]) {
      assertRefuses(look(endpoint, { productionVariants }), "could not be judged by running-machines-limit");
    }
    for (const [name, wrong] of [
      ["instanceType", { odd: true }],
      ["initialInstanceCount", "many"],
      ["initialInstanceCount", -1],
      ["managedInstanceScaling", "wrong"],
      ["instancePools", "wrong"],
      ["serverlessConfig", "wrong"],
    ] as const) {
      const variant = { instanceType: "ml.m5.large", [name]: wrong };
      assertRefuses(look(endpoint, variants(variant)), "could not be judged by running-machines-limit", name);
    }
  });

  it("has nothing to say of what leaves nothing running", () => {
    assertNotApplicable(look("aws:s3/bucket:Bucket", {}), "no machines");
    assertPasses(look("aws:sagemaker/space:Space", { spaceSettings: {} }));
  });
});
