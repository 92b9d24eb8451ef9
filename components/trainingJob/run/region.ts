import type { AwsApi } from "../aws/api";
import type { Watcher } from "./watcher";

/** AWS in one region, as this deployment sees it. */
export interface Region {
  name: string;
  api: AwsApi;
  watcher: Watcher;
  /** The same API, with the waiting of its retries ended by the signal. */
  cancellable(signal: AbortSignal): AwsApi;
}
