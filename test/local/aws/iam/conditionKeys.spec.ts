import { strict as assert } from "node:assert";
import { conditionContext, resourceArn } from "../../../../local/aws/iam/conditionKeys.ts";

describe("condition keys of SageMaker", () => {
  it("say what a request asks for", () => {
    assert.deepEqual(
      conditionContext("CreateTrainingJob", {
        TrainingJobName: "mednist",
        ResourceConfig: {
          InstanceType: "ml.g5.xlarge",
          InstanceCount: 1,
          KeepAlivePeriodInSeconds: 60,
          VolumeKmsKeyId: "v",
        },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
        OutputDataConfig: { S3OutputPath: "s3://b/p", KmsKeyId: "o" },
        VpcConfig: { Subnets: ["subnet-1"], SecurityGroupIds: ["sg-1"] },
        EnableNetworkIsolation: true,
        EnableInterContainerTrafficEncryption: true,
        RemoteDebugConfig: { EnableRemoteDebug: false },
        Tags: [{ Key: "owner", Value: "imaging" }],
      }),
      {
        "sagemaker:InstanceTypes": ["ml.g5.xlarge"],
        "sagemaker:MaxRuntimeInSeconds": "3600",
        "sagemaker:KeepAlivePeriod": "60",
        "sagemaker:VolumeKmsKey": "v",
        "sagemaker:OutputKmsKey": "o",
        "sagemaker:VpcSubnets": ["subnet-1"],
        "sagemaker:VpcSecurityGroupIds": ["sg-1"],
        "sagemaker:NetworkIsolation": "true",
        "sagemaker:InterContainerTrafficEncryption": "true",
        "sagemaker:EnableRemoteDebug": "false",
        "aws:TagKeys": ["owner"],
        "aws:RequestTag/owner": "imaging",
      },
    );
  });

  it("are absent for what a request does not say, and switches count as off", () => {
    assert.deepEqual(conditionContext("CreateTrainingJob", {}), {
      "sagemaker:NetworkIsolation": "false",
      "sagemaker:InterContainerTrafficEncryption": "false",
    });
  });

  it("name every type of a cluster and of preferences", () => {
    const ResourceConfig = {
      InstanceGroups: [{ InstanceType: "ml.g5.xlarge" }, { InstanceType: "ml.c5.xlarge" }],
      InstancePreferences: [{ InstanceType: "ml.p3.2xlarge" }],
    };
    assert.deepEqual(conditionContext("CreateTrainingJob", { ResourceConfig })["sagemaker:InstanceTypes"], [
      "ml.g5.xlarge",
      "ml.c5.xlarge",
      "ml.p3.2xlarge",
    ]);
  });

  it("of an update are those that it changes, of other calls none", () => {
    assert.deepEqual(
      conditionContext("UpdateTrainingJob", { ResourceConfig: { KeepAlivePeriodInSeconds: 60 } }),
      {
        "sagemaker:KeepAlivePeriod": "60",
      },
    );
    assert.deepEqual(conditionContext("DescribeTrainingJob", { TrainingJobName: "mednist" }), {});
  });

  it("go with the ARN of the job", () => {
    const arn = "arn:aws:sagemaker:us-east-1:000000000000:training-job/mednist";
    assert.equal(resourceArn("us-east-1", "000000000000", { TrainingJobName: "mednist" }), arn);
    assert.equal(resourceArn("us-east-1", "000000000000", { ResourceArn: arn }), arn);
    assert.equal(resourceArn("us-east-1", "000000000000", {}), "*");
  });
});
