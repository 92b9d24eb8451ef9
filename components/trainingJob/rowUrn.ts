import * as pulumi from "@pulumi/pulumi";

/**
 * The URN of a resource that is about to be made, for what its provider says on its row: a provider is not told it. A plain promise and
 * no output of the parent: an output of a component depends on all of its children, and a value for display must order nothing.
 */
export async function rowUrn(name: string, type: string, parent?: pulumi.Resource): Promise<string> {
  const parentUrn = parent ? await urnOf(parent) : undefined;
  return new Promise((resolve) => pulumi.createUrn(name, type, parentUrn).apply(resolve));
}

const urnOf = (resource: pulumi.Resource): Promise<string> =>
  new Promise((resolve) => resource.urn.apply(resolve));
