import { endpointCostLimit } from "../../../policies/rules/endpointCostLimit";
import { examine } from "../support/examine";
import { assertNotApplicable, assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { unknown } from "../support/jobs";
import { pascal, stackOf } from "../support/ways";

const rule = "endpoint-cost-limit";
const endpoint = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const native = "aws-native:sagemaker:EndpointConfig";
const provider = {
  ...{
    type: "pulumi:providers:aws",
    name: "aws",
    urn: "urn:pulumi:test::training::pulumi:providers:aws::aws",
  },
  props: { region: "us-east-1" },
};

const look = (props: object, config = {}, type = endpoint) =>
  examine(endpointCostLimit, { type, name: "serve", props: { ...props }, provider }, config);
const variant = (instanceType: unknown, initialInstanceCount: unknown = 1) => ({
  instanceType,
  initialInstanceCount,
});
const variants = (...productionVariants: object[]) => ({ productionVariants });

describe(rule, () => {
  for (const type of [endpoint, native]) {
    it(`adds up what all variants of ${type} cost an hour, whatever asks them`, () => {
      const two = variants(variant("ml.g5.xlarge"), variant("ml.m5.large", 2));
      assertPasses(look(two, {}, type)); // 1.408 + 2 x 0.115
      assertRefuses(
        look(two, { maxUsdPerHour: 1.6 }, type),
        'endpoint configuration "serve"',
        "1.64 USD an hour",
        "1196 USD a month",
        "1 x ml.g5.xlarge and 2 x ml.m5.large",
        "the limit is 1.60 USD an hour",
      );
    });
  }

  it("refuses by default what costs more than a single small GPU", () => {
    assertPasses(look(variants(variant("ml.g5.xlarge"))));
    assertRefuses(look(variants(variant("ml.g5.xlarge", 2))), "2.82 USD an hour", "the limit is 2.00 USD");
  });

  it("counts shadow variants, which get a copy of each request", () => {
    const shadowProductionVariants = [variant("ml.g5.xlarge")];
    assertRefuses(look({ ...variants(variant("ml.g5.xlarge")), shadowProductionVariants }), "2.82 USD");
  });

  it("counts endpoints that answer later (async) like all others", () => {
    const asyncInferenceConfig = { outputConfig: { s3OutputPath: "s3://answers/x" } };
    assertRefuses(look({ ...variants(variant("ml.g5.xlarge", 3)), asyncInferenceConfig }), "4.22 USD");
  });

  it("takes the most that an endpoint may grow to, the dearest of its types, and its volumes", () => {
    const grows = { ...variant("ml.g5.xlarge"), managedInstanceScaling: { maxInstanceCount: 3 } };
    assertRefuses(look(variants(grows)), "4.22 USD an hour", "3 x ml.g5.xlarge");
    const instancePools = [{ instanceType: "ml.m5.large" }, { instanceType: "ml.g5.xlarge" }];
    const pools = variants({ instancePools, initialInstanceCount: 2 });
    assertRefuses(look(pools, {}, native), "2.82 USD an hour", "2 x ml.g5.xlarge");
    const stores = variants({ ...variant("ml.m5.large"), volumeSizeInGb: 500 });
    assertPasses(look(stores, { maxUsdPerHour: 0.22 }));
    assertRefuses(look(stores, { maxUsdPerHour: 0.2 }), "0.21 USD an hour");
  });

  it("takes prices from the configuration, and never guesses one", () => {
    const dear = variants(variant("ml.p4d.24xlarge"));
    assertRefuses(look(dear), "ml.p4d.24xlarge in us-east-1", "price is not known", "pricesUsdPerHour");
    assertPasses(look(dear, { pricesUsdPerHour: { "ml.p4d.24xlarge": 1.5 } }));
    const elsewhere = { ...variants(variant("ml.m5.large")), region: "eu-west-1" };
    assertRefuses(look(elsewhere), "ml.m5.large in eu-west-1", "price is not known");
    assertPasses(look(elsewhere, { pricesUsdPerHour: { "ml.m5.large": 0.13 } }));
  });

  it("costs nothing without servers, but for what is kept ready", () => {
    const serverlessConfig = { memorySizeInMb: 2048, maxConcurrency: 50 };
    const ready = variants({ serverlessConfig: { ...serverlessConfig, provisionedConcurrency: 5 } });
    assertPasses(look(variants({ serverlessConfig }), { maxUsdPerHour: 0 }));
    assertRefuses(look(ready), "provisioned concurrency in us-east-1", "price is not known");
    const prices = { provisionedUsdPerGbHour: { "us-east-1": 0.05 } };
    assertPasses(look(ready, prices)); // 5 x 2 GB
    assertRefuses(
      look(ready, { ...prices, maxUsdPerHour: 0.4 }),
      "0.50 USD an hour",
      "5 x 2048 MB kept ready",
    );
  });

  it("names what a template writes, in its words", () => {
    const Properties = pascal(variants(variant("ml.g5.xlarge", 2)));
    assertRefuses(
      examine(endpointCostLimit, {
        ...stackOf({ Serve: { Type: "AWS::SageMaker::EndpointConfig", Properties } }),
        provider,
      }),
      "(templateBody: Resources.Serve)",
      "Lower ProductionVariants.0.InitialInstanceCount",
    );
  });

  it("judges what it knows, and says what it could not see", () => {
    const later = variant(unknown.text);
    assertUnseen(look(variants(later)), "productionVariants.0.instanceType");
    assertUnseen(look(variants(variant("ml.m5.large", unknown.number))), "initialInstanceCount");
    assertUnseen(look({ productionVariants: unknown.list }), "productionVariants");
    const both = look(variants(variant("ml.g5.xlarge", 2), later));
    assertRefuses(both, "at least 2.82 USD an hour");
  });

  it("never takes a value of a wrong type for one that is not set", () => {
    for (const [name, wrong] of [
      ["instanceType", { odd: true }],
      ["initialInstanceCount", "many"],
      ["initialInstanceCount", -1],
      ["volumeSizeInGb", {}],
      ["managedInstanceScaling", "wrong"],
      ["instancePools", "wrong"],
      ["serverlessConfig", "wrong"],
    ] as const) {
      const odd = { ...variant("ml.m5.large"), [name]: wrong };
      assertRefuses(look(variants(odd)), `could not be judged by ${rule}`, name);
    }
    const ready = { memorySizeInMb: "big", provisionedConcurrency: 1 };
    assertRefuses(
      look(variants({ serverlessConfig: ready })),
      `could not be judged by ${rule}`,
      "memorySizeInM",
    );
    assertRefuses(look({ productionVariants: "wrong" }), `could not be judged by ${rule}`);
  });

  it("does not take for free what names nothing", () => {
    assertRefuses(look(variants({ initialInstanceCount: 1 })), "price is not known");
    assertPasses(look({ productionVariants: [] }));
  });

  it("has nothing to say of what is no endpoint", () => {
    assertNotApplicable(look({}, {}, "aws:s3/bucket:Bucket"), "no endpoint");
    assertPasses(
      look({ instanceType: "ml.t3.medium" }, {}, "aws:sagemaker/notebookInstance:NotebookInstance"),
    );
  });
});
