import assert from "node:assert/strict";
import { containerEnvironment, overridden } from "../../../../../local/aws/training/process/environment.ts";
import { record, validRequest } from "../../sagemaker/support.ts";

const outer = {
  PATH: "/usr/bin",
  HOME: "/home/me",
  PIP_INDEX_URL: "https://index",
  AWS_PROFILE: "production",
  AWS_ACCESS_KEY_ID: "real",
  SECRET_TOKEN: "s",
};

const environment = (change: object, shell: NodeJS.ProcessEnv = outer) =>
  containerEnvironment(
    {
      record: record("job", { request: validRequest({ TrainingJobName: "job", ...change }) }),
      host: "algo-1",
      base: "/base",
      temporary: "/tmp/job",
      home: "/jobs/job/home",
      python: "/env/bin/python",
      credentials: { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" },
      endpoint: "http://127.0.0.1:1",
      threads: 3,
      masterPort: 1234,
      stateDir: "/state",
    },
    shell,
  );

describe("the environment of a container", () => {
  it("is that of the image, the job's own, and the role's credentials", () => {
    const env = environment({ Environment: { MODE: "fast", CACHE: "/opt/ml/cache" } });
    assert.equal(env.SAGEMAKER_TRAINING_MODULE, "sagemaker_pytorch_container.training:main");
    assert.equal(env.SAGEMAKER_BASE_DIR, "/base");
    assert.equal(env.TRAINING_JOB_NAME, "job");
    assert.equal(env.MODE, "fast");
    assert.equal(env.CACHE, "/base/cache");
    assert.equal(env.PATH, "/env/bin:/usr/bin");
    assert.equal(env.AWS_ACCESS_KEY_ID, "a");
    assert.equal(env.AWS_SESSION_TOKEN, "c");
    assert.equal(env.AWS_ENDPOINT_URL, "http://127.0.0.1:1");
  });

  it("takes from the shell how to reach package indexes, and nothing that is private", () => {
    const env = environment({});
    assert.equal(env.PIP_INDEX_URL, "https://index");
    assert.equal(env.HOME, "/jobs/job/home");
    assert.equal(env.PIP_CACHE_DIR, "/home/me/.cache/pip");
    assert.equal("AWS_PROFILE" in env, false);
    assert.equal("SECRET_TOKEN" in env, false);
  });

  it("does not take from the shell where packages are installed, nor what else", () => {
    const places = {
      ...{ PIP_TARGET: "/home/me/lib", PIP_PREFIX: "/usr/local", PIP_ROOT: "/", PIP_USER: "1" },
      ...{
        PIP_PYTHON: "/usr/bin/python3",
        PIP_REQUIREMENT: "/home/me/r.txt",
        PIP_DRY_RUN: "1",
        PIP_SRC: "/s",
      },
      ...{ UV_SYSTEM_PYTHON: "1", UV_PYTHON: "/usr/bin/python3", UV_PROJECT_ENVIRONMENT: "/home/me/venv" },
      ...{ UV_TARGET: "/t", UV_PREFIX: "/p", UV_TOOL_DIR: "/home/me/tools" },
    };
    const indexes = {
      ...{
        PIP_EXTRA_INDEX_URL: "https://b",
        PIP_TRUSTED_HOST: "b",
        PIP_CERT: "/ca",
        PIP_FIND_LINKS: "/wheels",
      },
      ...{
        PIP_NO_INDEX: "1",
        PIP_DEFAULT_TIMEOUT: "60",
        PIP_CONSTRAINT: "/c.txt",
        PIP_CONFIG_FILE: "/p.conf",
      },
      ...{
        UV_DEFAULT_INDEX: "https://c",
        UV_INDEX_MINE_PASSWORD: "p",
        UV_HTTP_TIMEOUT: "9",
        UV_NATIVE_TLS: "1",
      },
    };
    const env = environment({}, { ...outer, ...places, ...indexes });
    assert.equal(env.PIP_USER, "0"); // also where pip's settings in a file say otherwise
    const taken = Object.keys(places).filter((name) => name !== "PIP_USER" && name in env);
    assert.deepEqual(taken, []);
    for (const [name, value] of Object.entries(indexes)) assert.equal(env[name], value, name);
  });

  it("says how many threads to take, unless the shell or the request does", () => {
    assert.equal(environment({}).OMP_NUM_THREADS, "3");
    assert.equal(environment({ Environment: { OMP_NUM_THREADS: "7" } }).OMP_NUM_THREADS, "7");
    assert.equal(environment({}, { ...outer, OMP_NUM_THREADS: "1" }).OMP_NUM_THREADS, "1");
  });

  it("cannot be bent by the job", () => {
    const env = environment({ Environment: { SAGEMAKER_BASE_DIR: "/etc", AWS_ENDPOINT_URL: "http://x" } });
    assert.equal(env.SAGEMAKER_BASE_DIR, "/base");
    assert.equal(env.AWS_ENDPOINT_URL, "http://127.0.0.1:1");
  });

  it("is the request's where it may be, and says where it is not", () => {
    const own = {
      LANG: "de_DE.UTF-8",
      PYTHONUNBUFFERED: "",
      TMPDIR: "/opt/ml/tmp",
      PATH: "/mine",
      AWS_REGION: "xx",
    };
    const env = environment({ Environment: own });
    assert.equal(env.LANG, "de_DE.UTF-8");
    assert.equal(env.PYTHONUNBUFFERED, "");
    assert.equal(env.TMPDIR, "/base/tmp");
    assert.equal(env.PATH, "/env/bin:/mine");
    assert.equal(env.AWS_REGION, "us-east-1");
    assert.deepEqual(overridden(validRequest({ Environment: own }), "/base", env), ["AWS_REGION"]);
  });

  it("lets pip install into the job's environment only", () => {
    const env = environment({});
    assert.equal(env.PIP_REQUIRE_VIRTUALENV, "1");
    assert.equal(env.VIRTUAL_ENV, "/env");
  });

  it("gives an isolated container no credentials, and an endpoint where nobody answers", () => {
    const env = environment({ EnableNetworkIsolation: true, Environment: { AWS_ACCESS_KEY_ID: "own" } });
    assert.equal(
      Object.keys(env).some((name) => /^AWS_(ACCESS|SECRET|SESSION)/.test(name)),
      false,
    );
    assert.equal(env.AWS_ENDPOINT_URL, "http://127.0.0.1:9");
  });

  it("keeps what the request says of this machine's proxies", () => {
    assert.equal(environment({ Environment: { NO_PROXY: "index" } }).no_proxy, "index,127.0.0.1,localhost");
  });
});
