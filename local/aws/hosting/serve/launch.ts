import { randomBytes } from "node:crypto";
import { constants, mkdirSync, rmSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Credentials, JobLogs } from "../../clients.ts";
import { fileNameFor } from "../../fileName.ts";
import { LogStream } from "../../training/observe/logStream.ts";
import { Container } from "../../training/process/container.ts";
import { containerBase, optMlPrefix } from "../../training/process/optMl.ts";
import { makeOverlay } from "../../training/process/overlay.ts";
import { ownerMark } from "../../training/process/processes.ts";
import {
  type DeployedVariant,
  type Deployment,
  type EndpointRecord,
  endpointKey,
} from "../records/record.ts";
import { serverEnvironment } from "./environment.ts";

/** What the model's role can do: read the model, and be who the server is. */
export interface ModelSession {
  s3: S3Client;
  credentials: Credentials;
  /** Where the server's lines go. */
  logs: JobLogs;
}

export interface ServingContext {
  trainingPython: string;
  stateDir: string;
  optMl: boolean;
  /** Folders of the instances; those of a deployment go with it. */
  workDir: string;
  /** Short and private, for their sockets. */
  socketDir: string;
  /** `http://127.0.0.1:PORT`. */
  endpoint: () => string;
  session: (deployed: DeployedVariant, endpoint: EndpointRecord) => Promise<ModelSession>;
  now: () => number;
  log: (line: string) => void;
}

/** One instance by its place: its variant, of a deployment of an endpoint. */
export interface Place {
  endpoint: EndpointRecord;
  deployment: Deployment;
  deployed: DeployedVariant;
  /** From 1. */
  number: number;
  socketPath: string;
}

export const logGroupOf = (endpoint: string) => `/aws/sagemaker/Endpoints/${endpoint}`;

export const endpointDir = (context: ServingContext, endpoint: EndpointRecord) =>
  path.join(context.workDir, fileNameFor(endpointKey(endpoint)));

export const variantDir = (
  context: ServingContext,
  { endpoint, deployment, deployed }: Omit<Place, "number" | "socketPath">,
) =>
  path.join(endpointDir(context, endpoint), deployment.id, fileNameFor(deployed.variant.VariantName ?? ""));

/** The files of the variant's model, as they came from S3. */
export const modelDir = (...of: Parameters<typeof variantDir>) => path.join(variantDir(...of), "model");

/** Makes the folders of an instance, as an image has them when it starts, and starts its model server. */
export async function launchServer(context: ServingContext, place: Place): Promise<Container> {
  const { endpoint, deployed, number, socketPath } = place;
  const session = await context.session(deployed, endpoint);
  const dir = path.join(variantDir(context, place), String(number));
  await rm(dir, { recursive: true, force: true });
  const base = path.join(dir, "ml");
  const [home, temporary] = [path.join(dir, "home"), path.join(dir, "tmp")];
  for (const each of [base, home, temporary]) mkdirSync(each, { recursive: true, mode: 0o700 });
  // The script may write there; the next start begins with what S3 has.
  const mode = constants.COPYFILE_FICLONE;
  await cp(modelDir(context, place), path.join(base, "model"), {
    recursive: true,
    mode,
    verbatimSymlinks: true,
  });
  const python = makeOverlay(path.join(dir, "env"), context.trainingPython);
  // Whoever bears this mark ends with the instance: no two of them may share it, old and new ones in an update neither.
  const name = `${endpointKey(endpoint)}/${place.deployment.id}/${deployed.variant.VariantName}`;
  const seenBase = context.optMl ? containerBase : base;
  const isolated = deployed.model.EnableNetworkIsolation === true;
  const options = {
    ...{ base: seenBase, temporary, home, python, region: endpoint.region, endpoint: context.endpoint() },
    mark: ownerMark(context.stateDir, `endpoint/${name}`, String(number)),
    credentials: isolated ? undefined : session.credentials,
  };
  const log = openLog(context, place, session.logs);
  rmSync(socketPath, { force: true });
  const container = new Container({
    ...{ python, base },
    prefix: context.optMl ? optMlPrefix(base, process.getuid?.() === 0) : [],
    env: serverEnvironment(deployed.model, options, process.env),
    command: [python, path.join(import.meta.dirname, "serve.py"), socketPath],
    onLine: (line) => log.push(line),
  });
  void container.exited.then(() => log.end());
  return container;
}

/** As on AWS a stream is called by the variant and the instance, and here a server that is started again has another one. */
function openLog(context: ServingContext, { endpoint, deployed }: Place, logs: JobLogs): LogStream {
  const stream = `${deployed.variant.VariantName}/i-${randomBytes(9).toString("hex").slice(1)}`;
  return new LogStream({
    write: (events, time) => logs.write(logGroupOf(endpoint.name), stream, events, time),
    delayMs: 0,
    now: context.now,
    onError: (error) => context.log(`${endpoint.name}: log of ${stream}: ${error.message}`),
  });
}
