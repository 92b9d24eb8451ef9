import { allowedRegions } from "../../../policies/rules/allowedRegions";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";
import { request } from "../support/ways";

const europe = { allowedRegions: ["eu-*", "us-east-1"] };

describe("allowed-regions", () => {
  it("takes the region that a custom resource gives its controller before that of the environment", () => {
    process.env.AWS_REGION = "us-east-1";
    const type = "kubernetes:sagemaker.services.k8s.aws/v1alpha1:TrainingJob";
    const metadata = { annotations: { "services.k8s.aws/region": "sa-east-1" } };
    assertRefuses(
      examine(allowedRegions, { type, name: "x", props: { metadata, spec: request() } }, europe),
      "runs in sa-east-1",
    );
  });

  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  beforeEach(() => {
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
  });
  after(() => {
    for (const [name, value] of Object.entries({ AWS_REGION, AWS_DEFAULT_REGION })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  forEvery(kinds, ({ job }) => {
    const elsewhere = job({ region: undefined });
    const provider = (region: string) => ({
      ...elsewhere,
      provider: { type: "pulumi:providers:aws", name: "p", urn: "p", props: { region } },
    });

    it("lets all regions pass by default, named or not", () => {
      assertPasses(examine(allowedRegions, job({ region: "sa-east-1" })));
      assertPasses(examine(allowedRegions, elsewhere));
    });

    it("passes a region of the list, and refuses another", () => {
      assertPasses(examine(allowedRegions, job({ region: "eu-west-3" }), europe));
      assertRefuses(
        examine(allowedRegions, job({ region: "sa-east-1" }), europe),
        "runs in sa-east-1; the allowed regions are eu-* or us-east-1. Set region",
      );
    });

    it("knows the region of the provider, and of the environment", () => {
      assertPasses(examine(allowedRegions, provider("eu-west-3"), europe));
      assertRefuses(examine(allowedRegions, provider("sa-east-1"), europe), "runs in sa-east-1");
      process.env.AWS_REGION = "sa-east-1";
      assertRefuses(examine(allowedRegions, elsewhere, europe), "runs in sa-east-1");
      assertPasses(examine(allowedRegions, provider("eu-west-3"), europe));
    });

    it("refuses a region that nothing names", () => {
      assertRefuses(examine(allowedRegions, elsewhere, europe), "neither it nor its provider names");
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(allowedRegions, job({ region: unknown.text }), europe), "region");
    });
  });
});
