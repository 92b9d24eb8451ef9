import path from "node:path";
import { RecordStore } from "../../sagemaker/recordStore.ts";
import type { ConfigRecord, EndpointRecord, ModelRecord } from "./record.ts";

/** Everything that is known of hosting, by kind. */
export interface HostingStores {
  models: RecordStore<ModelRecord>;
  configs: RecordStore<ConfigRecord>;
  endpoints: RecordStore<EndpointRecord>;
}

export function openStores(dir: string, log: (line: string) => void): HostingStores {
  const inDir = (name: string) => path.join(dir, name);
  return {
    models: new RecordStore(
      { what: "model", nameOf: ({ request }) => request?.ModelName },
      inDir("models"),
      log,
    ),
    configs: new RecordStore(
      { what: "endpoint configuration", nameOf: ({ request }) => request?.EndpointConfigName },
      inDir("endpoint-configs"),
      log,
    ),
    endpoints: new RecordStore(
      {
        what: "endpoint",
        nameOf: ({ name, processes, current, pending }) =>
          Array.isArray(processes) && (current ?? pending) ? name : undefined,
      },
      inDir("endpoints"),
      log,
    ),
  };
}
