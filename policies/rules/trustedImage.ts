import { matches, oneOf } from "../lib/text";
import { trainingRule } from "../training/rule";

interface Config {
  allowedRegistries: string[];
  allowedAlgorithms: string[];
  requireDigest: boolean;
}

const property = "algorithmSpecification.trainingImage";

export const trustedImage = trainingRule<Config>({
  name: "trusted-image",
  description: "The training image comes from an allowed registry, and from a fixed version.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      allowedRegistries: {
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        default: ["*.dkr.ecr.*.amazonaws.com", "*.dkr.ecr.*.amazonaws.com.cn"],
        description:
          "Registries that images may come from; `*` stands for any characters. Default: any Amazon ECR.",
      },
      allowedAlgorithms: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Names or ARNs of algorithms that may be used in place of an image.",
      },
      requireDigest: {
        type: "boolean",
        default: false,
        description:
          "Whether the version must be a digest. A tag can be moved to another image, a digest cannot.",
      },
    },
  },
  check: ({ spec, config, report, look }) => {
    look(() => {
      const { algorithm } = spec;
      if (algorithm !== undefined && !matches(algorithm, config.allowedAlgorithms)) {
        report({
          found: `runs the algorithm ${algorithm}, whose image cannot be seen`,
          limit: `the allowed algorithms are ${oneOf(config.allowedAlgorithms)}`,
          fix: `Set ${property} in place of algorithmName`,
        });
      }
    });
    look(() => {
      const { image } = spec;
      if (image === undefined) {
        return;
      }
      const { registry, tag, digest } = parseImage(image);
      if (!matches(registry, config.allowedRegistries)) {
        report({
          found: `runs an image of the registry ${registry || "(none)"}`,
          limit: `the allowed registries are ${oneOf(config.allowedRegistries)}`,
          fix: `Copy the image ${image} to one of them and set ${property}`,
        });
      }
      if (digest === undefined && (config.requireDigest || tag === undefined || tag === "latest")) {
        report({
          found: `runs the image ${image}, which can change under its name`,
          limit: config.requireDigest
            ? "a digest is required"
            : "a tag other than latest, or a digest, is required",
          fix: `Add @sha256:... ${config.requireDigest ? "" : "or a tag "}to ${property}`,
        });
      }
    });
  },
});

/** `host/repository:tag@sha256:...`, of which the tag and the digest may be missing. */
function parseImage(image: string): { registry: string; tag?: string; digest?: string } {
  const [, registry = "", tag, digest] =
    /^(?:([^/]+)\/)?[^:@]+(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
  return { registry, tag, digest };
}
