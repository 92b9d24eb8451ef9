import { matches, oneOf } from "../lib/text";
import { trainingRule, type Violation } from "../training/rule";
import { written } from "../training/written";

interface Config {
  allowedRegistries: string[];
  allowedAlgorithms: string[];
  requireDigest: boolean;
}

const property = "algorithmSpecification.trainingImage";

export const trustedImage = trainingRule<Config>({
  name: "trusted-image",
  description: "Images of the training and of its rules come from allowed registries, in a fixed version.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      allowedRegistries: {
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        default: [
          "*.dkr.ecr.*.amazonaws.com",
          "*.dkr.ecr.*.amazonaws.com.cn",
          "*.dkr.ecr.*.amazonaws.eu",
          "*.dkr.ecr-fips.*.amazonaws.com",
          "*.dkr-ecr.*.on.aws",
        ],
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
      for (const { where, image } of spec.images) {
        look(() => requireTrusted(written(spec.properties, where), image(), config, report));
      }
    });
  },
});

function requireTrusted(
  where: string,
  image: string | undefined,
  config: Config,
  report: (violation: Violation) => void,
): void {
  if (image === undefined) return;
  const { registry, tag, digest } = parseImage(image);
  if (!matches(registry, config.allowedRegistries)) {
    report({
      found: `runs an image of the registry ${registry}`,
      limit: `the allowed registries are ${oneOf(config.allowedRegistries)}`,
      fix: `Copy the image ${image} to one of them and set ${where}`,
    });
  }
  if (digest === undefined && (config.requireDigest || tag === undefined || tag === "latest")) {
    report({
      found: `runs the image ${image}, which can change under its name`,
      limit: config.requireDigest
        ? "a digest is required"
        : "a tag other than latest, or a digest, is required",
      fix: `Add @sha256:... ${config.requireDigest ? "" : "or a tag "}to ${where}`,
    });
  }
}

/**
 * `host[:port]/repository:tag@sha256:...`, of which all but the repository may be missing. A first part without a dot, a port or the name
 * localhost is no host: the image is one of Docker Hub.
 */
function parseImage(image: string): { registry: string; tag?: string; digest?: string } {
  const [, host, rest = ""] = /^(?:([^/]*[.:][^/]*|localhost)\/)?(.*)$/.exec(image) ?? [];
  const [, tag, digest] = /^[^:@]+(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(rest) ?? [];
  return { registry: host ?? "docker.io", tag, digest };
}
