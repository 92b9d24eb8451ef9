import { type PageRequest, pageOf } from "../../sagemaker/pages.ts";
import type { RecordStore, ResourceRecord } from "../../sagemaker/recordStore.ts";

/** What ListModels, ListEndpointConfigs and ListEndpoints have in common; times in epoch seconds. */
export interface ListRequest extends PageRequest {
  NameContains?: string;
  CreationTimeAfter?: number;
  CreationTimeBefore?: number;
}

/** One page of a kind. */
export function list<R extends ResourceRecord>(
  store: RecordStore<R>,
  region: string,
  request: ListRequest,
  {
    nameOf,
    ...more
  }: { nameOf: (record: R) => string; statusOf?: (record: R) => string; selects?: (record: R) => boolean },
): { page: R[]; NextToken: string | undefined } {
  const { NameContains: part = "", CreationTimeAfter: after, CreationTimeBefore: before } = request;
  const records = store.all(region).filter((record) => {
    const created = record.creationTime / 1000;
    return (
      nameOf(record).toLowerCase().includes(part.toLowerCase()) &&
      (after === undefined || created > after) &&
      (before === undefined || created < before) &&
      (more.selects?.(record) ?? true)
    );
  });
  return pageOf(records, request, { what: store.kind.what, nameOf, statusOf: more.statusOf });
}
