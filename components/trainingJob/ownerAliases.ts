import * as pulumi from "@pulumi/pulumi";
import { TrainingJobOwner } from "./owner";

type Aliases = pulumi.CustomResourceOptions["aliases"];

/** The aliases of a job's owner: wherever the job was known as something else, so was its owner. */
export function ownerAliases(aliases: Aliases): Aliases {
  if (aliases === undefined) return undefined;
  return pulumi.output(aliases).apply((all) => (all ?? []).map(ownerAlias)) as unknown as Aliases;
}

/** `urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`, or the parts of one that differ. */
function ownerAlias(alias: pulumi.URN | pulumi.Alias): pulumi.URN | pulumi.Alias {
  if (typeof alias !== "string") {
    const { name } = alias;
    return name === undefined
      ? { ...alias }
      : { ...alias, name: pulumi.interpolate`${name}-owner` as unknown as string };
  }
  const [stack, project, types, ...name] = alias.split("::");
  const parents = types.slice(0, types.lastIndexOf("$") + 1);
  return [stack, project, `${parents}${TrainingJobOwner.__pulumiType}`, `${name.join("::")}-owner`].join(
    "::",
  );
}
