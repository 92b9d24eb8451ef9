import { existsSync } from "node:fs";
import path from "node:path";
import type { Credentials } from "../../clients.ts";
import { closedSources, leadsAway, NOWHERE, withoutProxy } from "../../clientVariables.ts";
import { type JobRecord, jobKey, jobName, type TrainingJobRequest } from "../../sagemaker/record.ts";
import { localize } from "./layout.ts";
import { loopback } from "./loopback.ts";
import { ownerMark, ownerVariable } from "./processes.ts";

export interface EnvironmentOptions {
  record: JobRecord;
  host: string;
  base: string;
  temporary: string;
  /** The job's home directory: the user's own has keys in it. */
  home: string;
  /** Python of the job's overlay. */
  python: string;
  credentials: Credentials;
  /** `http://127.0.0.1:PORT`. */
  endpoint: string;
  /** For OpenMP, where neither the shell nor the request says. */
  threads: number;
  /** Port of torchrun's rendezvous. */
  masterPort: number;
  stateDir: string;
}

/**
 * What a job may inherit from the shell: how to reach package indexes, and what the machine has. Of the settings of pip and uv those that
 * say from where packages come; where they go is not the shell's to say, which may name the user's own Python.
 */
const inherited =
  /^(USER|LOGNAME|TZ|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_.*|REQUESTS_CA_BUNDLE|OMP_NUM_THREADS|CUDA_VISIBLE_DEVICES|LD_LIBRARY_PATH)$/i;
const packageSettings = new RegExp(
  `^(?:${[
    "PIP_(?:(?:EXTRA_)?INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|(?:CLIENT_)?CERT|PROXY|(?:DEFAULT_)?TIMEOUT|RETRIES)",
    "PIP_(?:KEYRING_PROVIDER|USE_FEATURE|CONFIG_FILE|(?:NO_)?CACHE_DIR|NO_INPUT|PRE|PREFER_BINARY|(?:NO|ONLY)_BINARY|CONSTRAINT)",
    "UV_(?:(?:DEFAULT_|EXTRA_)?INDEX(?:_.*)?|NO_INDEX|FIND_LINKS|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|HTTP_.*|OFFLINE)",
    "UV_(?:KEYRING_PROVIDER|CONFIG_FILE|(?:NO_)?CACHE(?:_DIR)?|LINK_MODE|CONCURRENT_.*|CONSTRAINT|PRERELEASE|EXCLUDE_NEWER)",
  ].join("|")})$`,
);

/** Variables of the AWS PyTorch training images; a request may set them otherwise, as on SageMaker. */
const image = { SAGEMAKER_TRAINING_MODULE: "sagemaker_pytorch_container.training:main" };

/**
 * The request's own variables, with paths below /opt/ml pointing to the base directory. Where its AWS is, and who it is there, is
 * not for the request to say.
 */
export function requested(all: Record<string, string> | undefined, base: string): Record<string, string> {
  const own = Object.entries(all ?? {}).filter(([name]) => !leadsAway(name));
  return Object.fromEntries(own.map(([name, value]) => [name, localize(value, base)]));
}

/** The request's variables that the environment of a host does not have as the request says. */
export function overridden(request: TrainingJobRequest, base: string, env: Record<string, string>): string[] {
  const asked = Object.entries(request.Environment ?? {}).map(([name, value]) => [
    name,
    localize(value, base),
  ]);
  return asked.filter(([name, value]) => name !== "PATH" && env[name] !== value).map(([name]) => name);
}

/** What the processes of a container find, whatever they do. */
export interface ProcessOptions {
  /** Stands for /opt/ml, as the processes see it. */
  base: string;
  temporary: string;
  /** The home directory of the processes: the user's own has keys in it. */
  home: string;
  /** Python of the container's overlay. */
  python: string;
  region: string;
  /** For OpenMP, where neither the shell nor the request says. */
  threads: number;
  /** The image's own variables, which a request may set otherwise, and those of the request. */
  own: Record<string, string>;
  /** Marks every process, see {@link ownerVariable}. */
  mark: string;
  /** Who the processes are; undefined where they are isolated from the network. */
  credentials: Credentials | undefined;
  /** `http://127.0.0.1:PORT`. */
  endpoint: string;
}

/** What running on this machine needs, in place of what a container brings. */
export function processEnvironment(
  options: ProcessOptions,
  outer: NodeJS.ProcessEnv,
): Record<string, string> {
  const { own, credentials } = options;
  const passed = Object.entries(outer).filter(
    ([name, value]) => value !== undefined && (inherited.test(name) || packageSettings.test(name)),
  );
  const bin = path.dirname(options.python);
  return {
    ...packageIndexes(outer),
    ...(Object.fromEntries(passed) as Record<string, string>),
    OMP_NUM_THREADS: outer.OMP_NUM_THREADS ?? String(options.threads),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    // What pip would not do in a container's environment goes into the overlay or is refused.
    PIP_REQUIRE_VIRTUALENV: "1",
    // A user's settings for pip may ask for the user's own packages.
    PIP_USER: "0",
    VIRTUAL_ENV: path.dirname(bin),
    TMPDIR: options.temporary,
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONIOENCODING: "UTF-8",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    ...own,
    SAGEMAKER_BASE_DIR: options.base,
    AWS_REGION: options.region,
    PATH: `${bin}:${own.PATH ?? outer.PATH ?? "/usr/local/bin:/usr/bin:/bin"}`,
    HOME: options.home,
    ...withoutProxy({ ...Object.fromEntries(passed), ...own }),
    ...closedSources,
    [ownerVariable]: options.mark,
    ...(credentials === undefined ? { AWS_ENDPOINT_URL: NOWHERE } : access(credentials, options.endpoint)),
  };
}

/** The environment of a host's process: that of the AWS PyTorch image, the job's own, and what running here needs. */
export function containerEnvironment(
  options: EnvironmentOptions,
  outer: NodeJS.ProcessEnv,
): Record<string, string> {
  const { record, base } = options;
  const isolated = record.request.EnableNetworkIsolation === true;
  const processes = {
    ...options,
    region: record.region,
    own: { ...image, ...requested(record.request.Environment, base) },
    mark: ownerMark(options.stateDir, jobKey(record), options.host),
    credentials: isolated ? undefined : options.credentials,
  };
  return {
    ...processEnvironment(processes, outer),
    TRAINING_JOB_NAME: jobName(record),
    TRAINING_JOB_ARN: record.arn,
    // The host names of the job do not resolve here, and need not.
    SM_STUDIO_LOCAL_MODE: "true",
    GLOO_SOCKET_IFNAME: loopback(),
    LOCAL_MASTER_PORT: String(options.masterPort),
  };
}

/** An isolated container gets none of this; SageMaker itself moves its data in and out. */
function access(credentials: Credentials, endpoint: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_ENDPOINT_URL: endpoint,
  };
}

/** What pip would have found in the user's home: its settings, what it downloaded before, and passwords of indexes. */
function packageIndexes(outer: NodeJS.ProcessEnv): Record<string, string> {
  const home = outer.HOME;
  if (!home) return {};
  const mac = process.platform === "darwin";
  const config = outer.XDG_CONFIG_HOME || path.join(home, ".config");
  const cache = outer.XDG_CACHE_HOME || path.join(home, mac ? "Library/Caches" : ".cache");
  const settings = [
    ...(mac ? [path.join(home, "Library/Application Support/pip/pip.conf")] : []),
    path.join(config, "pip/pip.conf"),
    path.join(home, ".pip/pip.conf"),
  ].find(existsSync);
  const netrc = [path.join(home, ".netrc")].find(existsSync);
  return {
    PIP_CACHE_DIR: path.join(cache, "pip"),
    ...(settings && { PIP_CONFIG_FILE: settings }),
    ...(netrc && { NETRC: netrc }),
  };
}
