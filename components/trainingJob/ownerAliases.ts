import * as pulumi from "@pulumi/pulumi";
import { TrainingJobOwner } from "./owner";

type Aliases = pulumi.CustomResourceOptions["aliases"];

/** The aliases of a job's owner: wherever the job was known as something else, so was its owner. */
export function ownerAliases(aliases: Aliases): Aliases {
  // The list itself stays plain: the SDK walks it.
  return aliases?.map(
    (alias) => pulumi.output(alias).apply(ownerAlias) as unknown as pulumi.Input<pulumi.URN>,
  );
}

/** `urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`, or the parts of one that differ. The owner's type never did. */
function ownerAlias(alias: pulumi.URN | pulumi.Alias): pulumi.URN | pulumi.Alias {
  if (typeof alias !== "string") {
    const { type: _job, ...others } = alias;
    const { name } = others;
    return name === undefined ? others : { ...others, name: pulumi.interpolate`${name}-owner` };
  }
  const [stack, project, types, ...name] = alias.split("::");
  const parents = types.slice(0, types.lastIndexOf("$") + 1);
  return [stack, project, `${parents}${TrainingJobOwner.__pulumiType}`, `${name.join("::")}-owner`].join(
    "::",
  );
}
