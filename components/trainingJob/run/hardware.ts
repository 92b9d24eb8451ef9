import type { CanonicalInputs } from "../args/args";

/** The machines of a job in words: `2 x ml.g5.xlarge`. */
export function hardware({ resourceConfig }: CanonicalInputs): string {
  const groups = resourceConfig?.instanceGroups;
  const preferred = resourceConfig?.instancePreferences?.map(({ instanceType }) => instanceType).join(" or ");
  const all = groups?.length ? groups : [{ instanceType: preferred, ...resourceConfig }];
  return all
    .map(
      (each) =>
        `${(each.instanceCount ?? 1) > 1 ? `${each.instanceCount} x ` : ""}${each.instanceType ?? "serverless"}`,
    )
    .join(" + ");
}
