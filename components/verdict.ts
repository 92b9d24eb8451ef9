import * as pulumi from "@pulumi/pulumi";
import { refusal } from "./refusal";

/**
 * Ends a deployment red that has done all it could, with every output kept: nothing may depend on this, and nothing that was made is
 * lost. A preview, which would bar the way to the mended deployment, warns.
 *
 * @param fault what is wrong and what to do next; nothing where all is well
 */
export function endRed(fault: pulumi.Output<string | undefined>): void {
  fault.apply((text) => {
    if (text === undefined) return;
    if (!pulumi.runtime.isDryRun()) throw refusal(text);
    void pulumi.log.warn(text);
  });
}
