import { strict as assert } from "node:assert";
import { allowedInstanceTypes } from "../../../policies/rules/allowedInstanceTypes";
import { tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertNotApplicable, assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const where = "resourceConfig.instanceType";

describe("allowed-instance-types", () => {
  forEvery(kinds, ({ job, type }) => {
    it("passes every size of an allowed family", () => {
      for (const size of ["xlarge", "12xlarge", "48xlarge"]) {
        assertPasses(examine(allowedInstanceTypes, job({ [where]: `ml.g5.${size}` })));
      }
    });

    it("refuses another family, with the value, the limit and the fix", () => {
      assertRefuses(
        examine(allowedInstanceTypes, job({ [where]: "ml.p3.2xlarge" })),
        "runs on ml.p3.2xlarge (resourceConfig.instanceType)",
        "the allowed types are ml.g5.*",
        "Set resourceConfig.instanceType to one of them",
      );
    });

    it("matches the whole name, and takes a dot as a dot", () => {
      for (const near of ["ml.g5n.xlarge", "ml.g5", "xml.g5.xlarge", "ml-g5.xlarge"]) {
        assertRefuses(examine(allowedInstanceTypes, job({ [where]: near })), near);
      }
    });

    it("holds to the configured list", () => {
      const config = { allowedInstanceTypes: ["ml.g6.*", "ml.m5.large"] };
      assertPasses(examine(allowedInstanceTypes, job({ [where]: "ml.m5.large" }), config));
      assertRefuses(examine(allowedInstanceTypes, job(), config), "ml.g6.* or ml.m5.large");
    });

    it("looks at every instance group", () => {
      const groups = (second: string) => ({
        resourceConfig: {
          instanceGroups: [
            { instanceGroupName: "a", instanceType: "ml.g5.xlarge", instanceCount: 1 },
            { instanceGroupName: "b", instanceType: second, instanceCount: 1 },
          ],
        },
      });
      assertPasses(examine(allowedInstanceTypes, job(groups("ml.g5.2xlarge"))));
      assertRefuses(
        examine(allowedInstanceTypes, job(groups("ml.c5.xlarge"))),
        "resourceConfig.instanceGroups.1.instanceType",
      );
      assertUnseen(
        examine(allowedInstanceTypes, job(groups(unknown.text))),
        "resourceConfig.instanceGroups.1.instanceType",
      );
    });

    it("looks at every instance preference", () => {
      const preferences = (second: string) => ({
        resourceConfig: {
          instanceCount: 1,
          instancePreferences: [{ instanceType: "ml.g5.xlarge" }, { instanceType: second }],
        },
      });
      assertPasses(examine(allowedInstanceTypes, job(preferences("ml.g5.2xlarge"))));
      assertRefuses(
        examine(allowedInstanceTypes, job(preferences("ml.p4d.24xlarge"))),
        "resourceConfig.instancePreferences.1.instanceType",
      );
    });

    it("looks at the instances of debugger and profiler rules", () => {
      const rule = (instanceType: string | undefined) => ({ debugRuleConfigurations: [{ instanceType }] });
      assertPasses(examine(allowedInstanceTypes, job(rule("ml.t3.medium"))));
      assertPasses(examine(allowedInstanceTypes, job(rule(undefined))));
      assertRefuses(
        examine(allowedInstanceTypes, job(rule("ml.m5.24xlarge"))),
        "runs a rule on ml.m5.24xlarge",
      );
      assertRefuses(
        examine(allowedInstanceTypes, job(rule("ml.p3.16xlarge"))),
        "runs a rule on ml.p3.16xlarge (debugRuleConfigurations.0.instanceType)",
        "ml.t3.*, ml.m5.large, ml.m5.xlarge or ml.m5.2xlarge",
      );
    });

    it("refuses a job that names no type, and a serverless one", () => {
      assertRefuses(
        examine(allowedInstanceTypes, job({ resourceConfig: undefined })),
        "no named instance type",
      );
      assertRefuses(
        examine(allowedInstanceTypes, job({ resourceConfig: undefined, serverlessJobConfig: {} })),
        "serverless capacity",
      );
      // Whatever machine it names beside.
      assertRefuses(examine(allowedInstanceTypes, job({ serverlessJobConfig: {} })), "serverless capacity");
    });

    it("reports what it saw, and says what it could not see", () => {
      const verdict = examine(
        allowedInstanceTypes,
        job({
          [where]: unknown.text,
          profilerRuleConfigurations: [{ instanceType: "ml.p3.16xlarge" }],
        }),
      );
      assert.equal(verdict.violations.length, 1);
      assert.match(
        verdict.unseen ?? "",
        /^(trainingJobDefinition\.)?resourceConfig\.instanceType is not known yet/,
      );
    });

    if (type === tuningType) {
      it("looks at the tuning job's own resources", () => {
        const resources = (config: object) => ({
          resourceConfig: undefined,
          hyperParameterTuningResourceConfig: config,
        });
        assertPasses(examine(allowedInstanceTypes, job(resources({ instanceType: "ml.g5.xlarge" }))));
        assertRefuses(
          examine(allowedInstanceTypes, job(resources({ instanceType: "ml.p2.xlarge" }))),
          "hyperParameterTuningResourceConfig.instanceType",
        );
        assertRefuses(
          examine(
            allowedInstanceTypes,
            job(
              resources({
                instanceConfigs: [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.p2.xlarge" }],
              }),
            ),
          ),
          "hyperParameterTuningResourceConfig.instanceConfigs.1.instanceType",
        );
      });
    }
  });

  it("looks at each of several tuning definitions", () => {
    const definition = (instanceType: string) => ({ resourceConfig: { instanceType } });
    assertRefuses(
      examine(allowedInstanceTypes, {
        type: tuningType,
        name: "sweep",
        props: { trainingJobDefinitions: [definition("ml.g5.xlarge"), definition("ml.p2.xlarge")] },
      }),
      'tuning job "sweep" (trainingJobDefinitions.1) runs on ml.p2.xlarge',
    );
  });

  it("has nothing to say of other resources", () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "data", props: {} };
    assertNotApplicable(examine(allowedInstanceTypes, bucket), "not a training job");
  });
});
