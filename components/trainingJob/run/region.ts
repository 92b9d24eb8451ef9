import type { CanonicalInputs } from "../args/args";
import type { AwsApi } from "../aws/api";
import { configReader } from "../aws/awsConfig";
import type { ConfigReader } from "../aws/settings";
import type { Watcher } from "./watcher";

/** AWS in one region, as this deployment sees it. */
export interface Region {
  name: string;
  api: AwsApi;
  watcher: Watcher;
  /** The same API, with the waiting of its retries ended by the signal. */
  cancellable(signal: AbortSignal): AwsApi;
}

export type MakeRegion = (name: string | undefined, config: ConfigReader) => Region;

type Where = Pick<CanonicalInputs, "region" | "awsConfig">;

/** The regions of a deployment, each made once: its jobs share one watcher. */
export class Regions {
  readonly #make: MakeRegion;
  readonly #made = new Map<string, Region>();
  #config: ConfigReader = () => undefined;

  constructor(make: MakeRegion) {
    this.#make = make;
  }

  configure(config: ConfigReader): void {
    this.#config = config;
  }

  /** Without a region: that which the provider, the stack or the environment names. */
  of(where: Where): Region {
    const key = (region: string | undefined) => JSON.stringify([region, where.awsConfig]);
    const made = this.#made.get(key(where.region)) ?? this.#make(where.region, this.configOf(where));
    // Asked for by its name, once that is known, it is the same.
    const named = this.#made.get(key(made.name)) ?? made;
    this.#made.set(key(where.region), named).set(key(named.name), named);
    return named;
  }

  /** The settings of the provider that a resource was given, or else the stack's. */
  configOf({ awsConfig }: Where): ConfigReader {
    return configReader(awsConfig, this.#config);
  }
}
