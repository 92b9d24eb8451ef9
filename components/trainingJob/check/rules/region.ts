import { type Failures, shown } from "../../args/failures";
import { View } from "../../args/view";
import { regionOf } from "../../aws/arn";

/**
 * Refuse what another region, or another partition of AWS, keeps: SageMaker finds it nowhere ("Cross region ECR image pulls are not
 * allowed"). Nothing is said while the job's region is not known.
 */
export function checkRegion(view: View, failures: Failures): void {
  const region = view.text("region");
  if (region === undefined || failures.has("region")) return;
  for (const [path, value] of values(view)) {
    const other = regionIn(value);
    if (other === undefined || other === region) continue;
    const reason = `${shown("", value)} is in ${other} and the job in ${region}; name one of ${region}`;
    // With a replica of a key that is in several regions, or a tracking server that is reached across, AWS may do it.
    if (path === OUTPUT_KEY || path === MLFLOW) failures.warn(path, reason);
    else failures.add(path, reason);
  }
  const [, partition] = /^arn:([^:]+):iam:/.exec(view.text("roleArn") ?? "") ?? [];
  const expected = partitionOf(region);
  if (partition !== undefined && expected !== undefined && partition !== expected) {
    failures.add(
      "roleArn",
      `is of the partition ${partition}, and ${region} of ${expected}; name a role of an account there`,
    );
  }
}

const OUTPUT_KEY = "outputDataConfig.kmsKeyId";
const MLFLOW = "mlflowConfig.mlflowResourceArn";

/** What is in a region: images and ARNs, by the paths that failures name. */
function values(view: View): [string, string][] {
  const of = (from: View, property: string, prefix = ""): [string, string][] => {
    const text = from.text(property);
    return text === undefined ? [] : [[prefix + property, text]];
  };
  const rules = ["debugRuleConfigurations", "profilerRuleConfigurations"].flatMap((list) =>
    view.list(list).flatMap((rule, index) => of(rule, "ruleEvaluatorImage", `${list}[${index}].`)),
  );
  const preferences = "resourceConfig.instancePreferences";
  const plans = view.list(preferences).flatMap((each, index) => {
    const arns = each.get("trainingPlanArns");
    return (Array.isArray(arns) ? arns : []).flatMap((arn, at) =>
      of(new View({ arn }), "arn").map(([, text]): [string, string] => [
        `${preferences}[${index}].trainingPlanArns[${at}]`,
        text,
      ]),
    );
  });
  const single = [
    "algorithmSpecification.trainingImage",
    "algorithmSpecification.algorithmName",
    "resourceConfig.trainingPlanArn",
    "resourceConfig.volumeKmsKeyId",
    OUTPUT_KEY,
    MLFLOW,
  ];
  return [...single.flatMap((path) => of(view, path)), ...rules, ...plans];
}

/** The region in an ARN or in the registry of an image; undefined where there is none. */
function regionIn(value: string): string | undefined {
  return regionOf(value) ?? /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(value)?.[1];
}

/** The partition of a region, of those that are open to the public and of the American government's. */
function partitionOf(region: string): string | undefined {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return /^(us|eu|ap|sa|ca|me|af|il|mx)-(?!iso)/.test(region) ? "aws" : undefined;
}
