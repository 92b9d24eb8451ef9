import * as pulumi from "@pulumi/pulumi";
import { MARK_TAG } from "../trainingJob/identity/owner";
import type { EndpointOwner } from "./endpointOwner";
import { type Lookup, madeBefore, nameIsFree } from "./takeUp";

/** The id of an endpoint that this stack made and does not know of. What AWS does not let see is not known, and holds nothing up. */
export function leftEndpoint(
  endpointName: string,
  { mark }: Pick<EndpointOwner, "mark">,
  lookup: () => Lookup,
  parent: pulumi.Resource,
): pulumi.Output<string | undefined> {
  const look = async (each: string): Promise<string | undefined> => {
    try {
      return await madeBefore(endpointName, each, lookup());
    } catch (error) {
      void pulumi.log.info(
        `Whether a deployment that was cut off left the endpoint ${endpointName} is not known: ${(error as Error).message}`,
        parent,
      );
      return undefined;
    }
  };
  // At preview an owner that is yet to be made has no mark, and no endpoint. The SDK keeps it out of its types.
  const { isKnown } = mark as unknown as { isKnown: Promise<boolean> };
  return pulumi.output(isKnown).apply((known) => (known ? mark.apply(look) : pulumi.output(undefined)));
}

/** Before an endpoint is made, at preview too: its name must be free. */
export const refusesTakenName = (endpointName: string, lookup: () => Lookup): pulumi.ResourceHook =>
  new pulumi.ResourceHook(
    `training:name of ${endpointName}`, // the program's own hooks have names in the same stack
    ({ newInputs }) => nameIsFree(endpointName, String(newInputs?.tags?.[MARK_TAG]), lookup),
    { onDryRun: true },
  );

/** AWS as the stack's own resources see it. */
export function stackLookup(): Lookup {
  const { awsSession } = require("../trainingJob/aws/session") as typeof import("../trainingJob/aws/session");
  const { rolloutApi } = require("./api") as typeof import("./api");
  return rolloutApi(awsSession((key) => pulumi.runtime.getConfig(key), undefined));
}
