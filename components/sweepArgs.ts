import * as pulumi from "@pulumi/pulumi";
import type { ExperimentArgs } from "./experimentParts";
import type { Variant } from "./sweepVariant";
import type { Json } from "./trainingJob/args/args";

/** The stack's settings with an experiment's own in them; secret maps stay secret. */
export function argsOf<T extends ExperimentArgs>(args: T, { overrides, settings }: Variant): T {
  return {
    ...args,
    ...settings,
    hyperparameters: withOwn(args.hyperparameters, overrides.hyperparameters),
    environment: withOwn(args.environment, overrides.environment),
  };
}

/** A map with some keys in place of its own, or besides them. */
export function withOwn<T extends Record<string, Json>>(
  all: pulumi.Input<T>,
  own: Json | undefined,
): pulumi.Input<T> {
  if (own === undefined) return all;
  const merge = (each: object) => ({ ...each, ...(own as object) }) as unknown as T;
  return pulumi.Output.isInstance(all) ? all.apply(merge) : merge(all);
}
