import { trustedImage } from "../../../policies/rules/trustedImage";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const property = "algorithmSpecification.trainingImage";
const ecr = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("trusted-image", () => {
  forEvery(kinds, ({ job }) => {
    const image = (value: string) => job({ [property]: value });

    it("passes an ECR image with a tag, a digest, or both", () => {
      for (const version of [":2.4.0-gpu-py311", `@${digest}`, `:2.4.0@${digest}`]) {
        assertPasses(examine(trustedImage, image(ecr + version)));
      }
      for (const registry of [
        "1.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "1.dkr.ecr.eusc-de-east-1.amazonaws.eu",
        "1.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
        "1.dkr-ecr.us-east-1.on.aws",
      ]) {
        assertPasses(examine(trustedImage, image(`${registry}/own/model:1`)));
      }
    });

    it("refuses another registry", () => {
      for (const [other, registry] of [
        ["docker.io/pytorch/pytorch:2.4.0", "docker.io"],
        ["pytorch:2.4.0", "docker.io"],
        ["localhost:5000/pytorch:2.4.0", "localhost:5000"],
        ["evil.example/763104351884.dkr.ecr.us-east-1.amazonaws.com/x:1", "evil.example"],
      ] as const) {
        assertRefuses(
          examine(trustedImage, image(other)),
          `runs an image of the registry ${registry}`,
          "the allowed registries are *.dkr.ecr.*.amazonaws.com",
          `Copy the image ${other}`,
        );
      }
    });

    it("looks at the images that evaluate debugger and profiler rules", () => {
      for (const list of ["debugRuleConfigurations", "profilerRuleConfigurations"]) {
        const rule = (ruleEvaluatorImage: string) => job({ [list]: [{ ruleEvaluatorImage }] });
        assertPasses(examine(trustedImage, rule(`${ecr}:1.0`)));
        assertRefuses(
          examine(trustedImage, rule("evil.example/rules:1")),
          "runs an image of the registry evil.example",
          `set ${list}.0.ruleEvaluatorImage`,
        );
        assertRefuses(
          examine(trustedImage, rule(`${ecr}:latest`)),
          `Add @sha256:... or a tag to ${list}.0.ruleEvaluatorImage`,
        );
      }
    });

    it("refuses an image that can change under its name", () => {
      for (const version of ["", ":latest"]) {
        assertRefuses(
          examine(trustedImage, image(ecr + version)),
          `runs the image ${ecr}${version}, which can change`,
          "a tag other than latest, or a digest, is required",
          `to ${property}`,
        );
      }
    });

    it("holds to the configured registries", () => {
      const config = { allowedRegistries: ["111111111111.dkr.ecr.*.amazonaws.com"] };
      assertRefuses(examine(trustedImage, image(`${ecr}:2.4.0`), config), "111111111111");
      assertPasses(
        examine(trustedImage, image("111111111111.dkr.ecr.us-east-1.amazonaws.com/own:1"), config),
      );
    });

    it("asks for a digest where it is configured to", () => {
      const config = { requireDigest: true };
      assertRefuses(
        examine(trustedImage, image(`${ecr}:2.4.0`), config),
        "a digest is required",
        "Add @sha256:...",
      );
      assertPasses(examine(trustedImage, image(`${ecr}@${digest}`), config));
    });

    it("refuses an algorithm whose image it cannot see, unless it is allowed", () => {
      const algorithm = job({ [property]: undefined, "algorithmSpecification.algorithmName": "acme-net" });
      assertRefuses(examine(trustedImage, algorithm), "the algorithm acme-net, whose image cannot be seen");
      assertPasses(examine(trustedImage, algorithm, { allowedAlgorithms: ["acme-*"] }));
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(trustedImage, image(unknown.text)), property);
    });
  });
});
