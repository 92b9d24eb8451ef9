import type * as pulumi from "@pulumi/pulumi";
import type { OwnerProvider } from "./ownerProvider";

/**
 * Pulumi stores the source of these objects in the state, twice for each resource. So they only forward: the implementation is loaded
 * from the project by the provider process, and an old state is always worked on by today's code. This module imports nothing but types:
 * whatever it imported would be copied into every state with it.
 */
export const thinProvider: pulumi.dynamic.ResourceProvider = {
  configure: (...a) => load().configure(...a),
  check: (...a) => load().check(...a),
  diff: (...a) => load().diff(...a),
  create: (...a) => load().create(...a),
  update: (...a) => load().update(...a),
  read: (...a) => load().read(...a),
  delete: (...a) => load().delete(...a),
};

/** The same for the owner of a training's jobs. */
export const thinOwner: pulumi.dynamic.ResourceProvider = {
  configure: (...a) => load().configure(...a),
  check: (...a) => load().owner.check(...a),
  diff: (...a) => load().owner.diff(...a),
  create: (...a) => load().owner.create(...a),
  update: (...a) => load().owner.update(...a),
  delete: (...a) => load().owner.delete(...a),
};

type Loaded = Required<pulumi.dynamic.ResourceProvider> & { owner: OwnerProvider };

/** Runs in the provider process, whose working directory is the project. Must not use anything of this module but itself. */
function load(): Loaded {
  const g = globalThis as { __jobs?: Loaded };
  if (!g.__jobs) {
    if (!require.extensions[".ts"]) require("ts-node").register({ transpileOnly: true });
    g.__jobs = require(`${process.cwd()}/components/trainingJob/provider`).createProvider();
  }
  return g.__jobs as Loaded;
}
