import type * as pulumi from "@pulumi/pulumi";
import type { OwnerProvider } from "./ownerProvider";

type Loaded = Required<pulumi.dynamic.ResourceProvider> & { owner: OwnerProvider };

/**
 * The implementation of both dynamic resources. Runs in the provider process, whose working directory is the project, and its source is
 * stored in every state: it must use nothing of this module but itself, and the path that it loads never moves.
 */
export function load(): Loaded {
  const g = globalThis as { __jobs?: Loaded };
  if (!g.__jobs) {
    if (!require.extensions[".ts"]) require("ts-node").register({ transpileOnly: true });
    g.__jobs = require(`${process.cwd()}/components/trainingJob/provider`).createProvider();
  }
  return g.__jobs as Loaded;
}
