import type { AwsApi } from "../aws/api";
import type { ConfigReader } from "../aws/session";
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

  /** Undefined: the region that the stack or the environment names. */
  of(name: string | undefined): Region {
    const made = this.#made.get(name ?? "") ?? this.#make(name, this.#config);
    this.#made.set(name ?? "", made);
    return made;
  }
}
