import { availableParallelism } from "node:os";
import path from "node:path";
import type { Credentials } from "../../clients.ts";
import { type JobRecord, jobName, type TrainingJobRequest } from "../../sagemaker/record.ts";
import { localize } from "./layout.ts";
import { loopback } from "./loopback.ts";
import { ownerMark, ownerVariable } from "./processes.ts";

export interface EnvironmentOptions {
  record: JobRecord;
  host: string;
  base: string;
  temporary: string;
  /** Python of the job's overlay. */
  python: string;
  credentials: Credentials;
  /** `http://127.0.0.1:PORT`. */
  endpoint: string;
  /** Port of torchrun's rendezvous. */
  masterPort: number;
  stateDir: string;
}

/** What a job may inherit from the shell: how to reach package indexes, and where the home is. */
const inherited =
  /^(HOME|USER|LOGNAME|TZ|PIP_.*|UV_.*|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_.*|REQUESTS_CA_BUNDLE|OMP_NUM_THREADS|CUDA_VISIBLE_DEVICES|LD_LIBRARY_PATH)$/i;

/** The variables of the AWS PyTorch images; a request may set them otherwise, as on SageMaker. */
const image = {
  SAGEMAKER_TRAINING_MODULE: "sagemaker_pytorch_container.training:main",
  PYTHONUNBUFFERED: "1",
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONIOENCODING: "UTF-8",
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
};

/** The request's own variables, with paths below /opt/ml pointing to the base directory. */
function requested({ Environment: own = {} }: TrainingJobRequest, base: string): Record<string, string> {
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, localize(value, base)]));
}

/** The request's variables that the environment of a host does not have as the request says. */
export function overridden(request: TrainingJobRequest, base: string, env: Record<string, string>): string[] {
  const own = Object.entries(requested(request, base));
  return own.filter(([name, value]) => name !== "PATH" && env[name] !== value).map(([name]) => name);
}

/** The environment of a host's process: that of the AWS PyTorch image, the job's own, and what running here needs. */
export function containerEnvironment(
  options: EnvironmentOptions,
  outer: NodeJS.ProcessEnv,
): Record<string, string> {
  const { record, base, credentials } = options;
  const passed = Object.entries(outer).filter(([name, value]) => value !== undefined && inherited.test(name));
  const bin = path.dirname(options.python);
  return {
    ...(Object.fromEntries(passed) as Record<string, string>),
    // A neighbour that computes halves the speed of OpenMP's busy threads: leave it a core.
    OMP_NUM_THREADS: outer.OMP_NUM_THREADS ?? String(Math.max(1, availableParallelism() - 1)),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    // What pip would not do in a container's environment goes into the job's or is refused.
    PIP_REQUIRE_VIRTUALENV: "1",
    VIRTUAL_ENV: path.dirname(bin),
    TMPDIR: options.temporary,
    ...image,
    ...requested(record.request, base),
    SAGEMAKER_BASE_DIR: base,
    TRAINING_JOB_NAME: jobName(record),
    TRAINING_JOB_ARN: record.arn,
    AWS_REGION: record.region,
    PATH: `${bin}:${record.request.Environment?.PATH ?? outer.PATH ?? "/usr/local/bin:/usr/bin:/bin"}`,
    // The host names of the job do not resolve here, and need not.
    SM_STUDIO_LOCAL_MODE: "true",
    // There is no instance metadata to ask; without this, SDKs without credentials wait for it.
    AWS_EC2_METADATA_DISABLED: "true",
    GLOO_SOCKET_IFNAME: loopback(),
    LOCAL_MASTER_PORT: String(options.masterPort),
    [ownerVariable]: ownerMark(options.stateDir, jobName(record), options.host),
    ...(record.request.EnableNetworkIsolation === true ? {} : access(credentials, options.endpoint)),
  };
}

/** An isolated container gets no credentials; SageMaker itself moves its data in and out. */
function access(credentials: Credentials, endpoint: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_ENDPOINT_URL: endpoint,
  };
}
