import { serverlessEndpointLimit } from "../../../policies/rules/serverlessEndpointLimit";
import { examine } from "../support/examine";
import { assertNotApplicable, assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { unknown } from "../support/jobs";
import { stackOf } from "../support/ways";

const rule = "serverless-endpoint-limit";
const endpoint = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const native = "aws-native:sagemaker:EndpointConfig";

const look = (serverlessConfig: unknown, config = {}, type = endpoint) =>
  examine(
    serverlessEndpointLimit,
    { type, name: "serve", props: { productionVariants: [{ serverlessConfig }] } },
    config,
  );
const small = { memorySizeInMb: 4096, maxConcurrency: 20 };

describe(rule, () => {
  for (const type of [endpoint, native]) {
    it(`bounds the memory of ${type}, by which each second is billed`, () => {
      assertPasses(look(small, {}, type));
      assertRefuses(
        look({ ...small, memorySizeInMb: 5120 }, {}, type),
        'endpoint configuration "serve" takes 5120 MB',
        "(productionVariants.0.serverlessConfig.memorySizeInMb)",
        "the limit is 4096 MB",
      );
      assertPasses(look({ ...small, memorySizeInMb: 5120 }, { maxMemoryMb: 6144 }, type));
    });

    it(`bounds how many requests ${type} answers, and bills, at a time`, () => {
      assertRefuses(
        look({ ...small, maxConcurrency: 21 }, {}, type),
        "answers up to 21 requests at a time",
        "the limit is 20",
        "Lower productionVariants.0.serverlessConfig.maxConcurrency",
      );
    });
  }

  it("adds up the requests of all variants", () => {
    const half = { serverlessConfig: { ...small, maxConcurrency: 11 } };
    const props = { productionVariants: [half], shadowProductionVariants: [half] };
    assertRefuses(
      examine(serverlessEndpointLimit, { type: endpoint, name: "x", props }),
      "up to 22 requests",
    );
  });

  it("reads templates, in their words", () => {
    const memory = { ServerlessConfig: { MemorySizeInMB: 6144, MaxConcurrency: 1 } };
    const Properties = { ProductionVariants: [memory] };
    assertRefuses(
      examine(
        serverlessEndpointLimit,
        stackOf({ Serve: { Type: "AWS::SageMaker::EndpointConfig", Properties } }),
      ),
      "6144 MB",
      "ProductionVariants.0.ServerlessConfig.MemorySizeIn",
    );
  });

  it("says what it could not see", () => {
    assertUnseen(look({ ...small, memorySizeInMb: unknown.number }), "memorySizeInMb");
    assertUnseen(look({ ...small, maxConcurrency: unknown.number }), "maxConcurrency");
  });

  it("never takes a value of a wrong type for one that is not set", () => {
    for (const wrong of ["big", {}, [1], -1, true]) {
      for (const name of ["memorySizeInMb", "maxConcurrency"]) {
        assertRefuses(look({ ...small, [name]: wrong }), `could not be judged by ${rule}`, name.slice(0, 9));
      }
    }
    for (const wrong of ["wrong", 7, [small]]) assertRefuses(look(wrong), `could not be judged by ${rule}`);
  });

  it("does not take for small what is not set", () => {
    for (const unset of [undefined, null, ""]) {
      assertRefuses(look({ ...small, memorySizeInMb: unset }), "names no memory");
      assertRefuses(look({ ...small, maxConcurrency: unset }), "names no number of requests");
    }
  });

  it("has nothing to say of endpoints on instances, and of what is none", () => {
    const props = { productionVariants: [{ instanceType: "ml.p4d.24xlarge" }] };
    assertPasses(examine(serverlessEndpointLimit, { type: endpoint, name: "x", props }));
    assertNotApplicable(look(small, {}, "aws:s3/bucket:Bucket"), "no endpoint");
  });
});
