import type { PolicyResource } from "@pulumi/policy";
import { textAt } from "./properties";

/**
 * Whether a property of one resource is the name of another: it comes from that resource, or has the same value. Two names that are not
 * known yet are the same where they come from the same resources, such as one RandomPet. What has no name is never the same.
 */
export function refersTo(
  from: PolicyResource,
  property: string,
  target: PolicyResource,
  nameProperty: string,
): boolean {
  const sources = from.propertyDependencies[property] ?? [];
  if (sources.some(({ urn }) => urn === target.urn)) return true;
  try {
    const value = textAt(from.props, property);
    return value !== undefined && value === textAt(target.props, nameProperty);
  } catch {
    const names = target.propertyDependencies[nameProperty] ?? [];
    return sources.length > 0 && sources.every(({ urn }) => names.some((name) => name.urn === urn));
  }
}
