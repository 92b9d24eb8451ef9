import type { CanonicalInputs } from "../args/args";
import type { CheckFailure } from "../args/failures";
import { isUnknown } from "../args/unknown";
import { defaultTagsOf, withDefaultTags } from "../aws/defaultTags";
import type { ConfigReader } from "../aws/settings";
import { inputShape } from "./limits";

/**
 * Puts the default tags into the inputs, so that a change of them is a change of the job's tags.
 *
 * @returns a warning of those that cannot be put on a training job
 */
export function addDefaultTags(inputs: CanonicalInputs, config: ConfigReader): CheckFailure[] {
  if (isUnknown(inputs.tags)) return [];
  const { tags, leftOut } = withDefaultTags(
    inputs.tags,
    defaultTagsOf(config),
    inputShape("TagMap").max ?? 0,
  );
  if (Object.keys(tags).length > 0) inputs.tags = tags;
  if (leftOut.length === 0) return [];
  return [
    {
      property: "defaultTags",
      reason: `those that are not put on the training job: ${leftOut.join(", ")}`,
    },
  ];
}
