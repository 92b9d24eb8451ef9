import type { Caller } from "../../front/caller.ts";
import { validationError } from "../../sagemaker/errors.ts";

/** The kinds of resources as ARNs and error messages name them. */
const kinds = {
  model: "model",
  "endpoint-config": "endpoint configuration",
  endpoint: "endpoint",
} as const;

export type HostingKind = keyof typeof kinds;

export const arnOf = (kind: HostingKind, name: string, { region, account }: Caller): string =>
  `arn:aws:sagemaker:${region}:${account}:${kind}/${name}`;

/** What SageMaker says of a resource that does not exist, of a second one of a name, and of one that is changing. */
export const notFound = (kind: HostingKind, arn: string) =>
  validationError(`Could not find ${kinds[kind]} "${arn}".`);
export const alreadyExists = (kind: HostingKind, arn: string) =>
  validationError(`Cannot create already existing ${kinds[kind]} "${arn}".`);
export const inProgress = (arn: string) => validationError(`Cannot update in-progress endpoint "${arn}".`);
