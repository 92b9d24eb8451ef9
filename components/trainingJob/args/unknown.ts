/**
 * What the engine sends at preview in place of a value that only the deployment will know
 * (`rpc.unknownValue` of the Pulumi SDK). It can stand for a whole object as well as for one string.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** A plain object, as opposed to a list, a scalar or nothing. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is, or anywhere holds, something that is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(hasUnknown);
  }
  return isRecord(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}
