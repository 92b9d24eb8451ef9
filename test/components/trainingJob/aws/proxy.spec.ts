import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { proxiesOf, proxyFor } from "../../../../components/trainingJob/aws/proxy";
import { awsSession } from "../../../../components/trainingJob/aws/session";
import { withoutAwsEnvironment } from "../../support/awsEnvironment";
import { failureOf } from "../../support/failure";
import { FakeProxy } from "../../support/fakeProxy";

const TLS = path.resolve(__dirname, "../../../fixtures/tls");
const CERTIFICATE = path.join(TLS, "certificate.pem");
const PROXY = "http://proxy:3128";

describe("proxiesOf", () => {
  withoutAwsEnvironment();

  it("are those of the configuration, then of the environment in capitals or not", () => {
    assert.deepEqual(proxiesOf({}), { http: undefined, https: undefined, no: undefined });
    Object.assign(process.env, { http_proxy: "http://a", HTTPS_PROXY: "http://b", no_proxy: "c" });
    assert.deepEqual(proxiesOf({}), { http: "http://a", https: "http://b", no: "c" });
    assert.deepEqual(proxiesOf({ httpProxy: "http://d", httpsProxy: "http://e", noProxy: "f" }), {
      http: "http://d",
      https: "http://e",
      no: "f",
    });
  });

  it("for http serves https too, unless something is said of that, be it none", () => {
    assert.equal(proxiesOf({ httpProxy: PROXY }).https, PROXY);
    assert.equal(proxiesOf({ httpProxy: PROXY, httpsProxy: "" }).https, undefined);
    process.env.HTTP_PROXY = PROXY;
    assert.equal(proxiesOf({}).https, undefined); // the environment's is for http alone
    assert.equal(proxiesOf({ httpProxy: "" }).http, undefined);
  });

  it("may be written without http://", () =>
    assert.equal(proxiesOf({ httpsProxy: "proxy:3128" }).https, PROXY));

  it("that speak another language are refused, and passwords not repeated", () => {
    assert.throws(() => proxiesOf({ httpsProxy: "socks5://proxy:1080" }), /socks5.*http:\/\/ or https:\/\//);
    const refused = (error: Error) =>
      !error.message.includes("secret") && /\*\*\*@:x is not a URL/.test(error.message);
    assert.throws(() => proxiesOf({ httpsProxy: "http://ada:secret@:x" }), refused);
  });
});

describe("proxyFor", () => {
  const s3 = "https://b.s3.eu-west-1.amazonaws.com";
  const cases: [url: string, no: string | undefined, proxied: boolean][] = [
    [s3, undefined, true],
    [s3, "", true],
    [s3, "*", false],
    [s3, "amazonaws.com", false],
    [s3, ".amazonaws.com", false],
    [s3, "*.amazonaws.com", false],
    [s3, "corp.test, AMAZONAWS.com", false],
    [s3, "azonaws.com", true],
    [s3, "amazonaws.com:443", false],
    [s3, "amazonaws.com:8443", true],
    ["https://amazonaws.com", ".amazonaws.com", true],
    ["http://10.1.2.3:4566", "10.0.0.0/8", false],
    ["http://10.1.2.3:4566", "10.1.2.3:4566", false],
    ["http://10.1.2.3:4566", "10.1.2.4", true],
    ["http://11.1.2.3", "10.0.0.0/8", true],
    ["http://11.1.2.3", "10.0.0.0/99", true],
    ["http://[fd00::1]:4566", "fd00::/8", false],
    ["http://[fd00::1]", "fd00::1", false],
    ["http://[fd00::1]", "10.0.0.0/8", true],
    ["http://localhost:4566", undefined, false],
    ["http://127.0.0.1:4566", undefined, false],
    ["http://127.9.9.9", undefined, false],
    ["http://[::1]:4566", undefined, false],
    ["http://localhost.corp.test", undefined, true],
  ];
  for (const [url, no, proxied] of cases) {
    it(`calls ${url} ${proxied ? "by the proxy" : "directly"}, with NO_PROXY=${no ?? ""}`, () => {
      assert.equal(proxyFor(new URL(url), { http: PROXY, https: PROXY, no }), proxied ? PROXY : undefined);
    });
  }

  it("is by the scheme of what is called", () => {
    const proxies = { http: "http://a", https: "http://b" };
    assert.equal(proxyFor(new URL("http://x.test"), proxies), "http://a");
    assert.equal(proxyFor(new URL("https://x.test"), proxies), "http://b");
  });
});

describe("a session behind a proxy", () => {
  withoutAwsEnvironment();
  const proxy = new FakeProxy();
  const answer: http.RequestListener = (_request, response) => {
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end('{"TrainingJobSummaries": []}');
  };
  const plain = http.createServer(answer);
  const key = readFileSync(path.join(TLS, "key.pem"));
  const secure = https.createServer({ key, cert: readFileSync(CERTIFICATE) }, answer);
  const portOf = (server: http.Server) => (server.address() as AddressInfo).port;
  let address: string;

  before(async () => {
    address = await proxy.start();
    for (const server of [plain, secure]) {
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    }
  });
  after(async () => {
    for (const server of [plain, secure]) {
      server.closeAllConnections();
      server.close();
    }
    await proxy.stop();
  });
  beforeEach(() => {
    proxy.asked.length = 0;
    proxy.target = portOf(secure);
  });

  async function list(config: Record<string, string>, endpoint?: string): Promise<void> {
    const all: Record<string, string> = {
      "aws:region": "eu-west-1",
      "aws:accessKey": "AKIA",
      "aws:secretKey": "secret",
      "aws:customCaBundle": CERTIFICATE,
      ...(endpoint ? { "aws:endpoints": JSON.stringify([{ sagemaker: endpoint }]) } : {}),
      ...config,
    };
    const client = new SageMakerClient(awsSession((name) => all[name], undefined).clientConfig("sagemaker"));
    try {
      await client.send(new ListTrainingJobsCommand({}));
    } finally {
      client.destroy();
    }
  }

  const TUNNEL = "CONNECT api.sagemaker.eu-west-1.amazonaws.com:443";

  it("calls AWS by the configuration's, with its user, and trusts the configuration's certificates", async () => {
    await list({ "aws:httpsProxy": `http://ada:secret@${address}` });
    assert.deepEqual(proxy.asked, [`${TUNNEL} by ada:secret`]);
  });

  it("calls AWS by HTTPS_PROXY, but what NO_PROXY names", async () => {
    process.env.HTTPS_PROXY = `http://${address}`;
    await list({});
    assert.deepEqual(proxy.asked, [TUNNEL]);
    process.env.NO_PROXY = "sagemaker.test";
    await failureOf(list({}, "https://sagemaker.test")); // nobody is there
    assert.deepEqual(proxy.asked, [TUNNEL]);
  });

  it("calls plain endpoints by HTTP_PROXY", async () => {
    proxy.target = portOf(plain);
    process.env.HTTP_PROXY = address;
    await list({}, "http://sagemaker.test:4566");
    assert.deepEqual(proxy.asked, ["POST http://sagemaker.test:4566/"]);
  });

  it("never calls this machine by it", async () => {
    Object.assign(process.env, { HTTP_PROXY: address, HTTPS_PROXY: address });
    await list({}, `http://127.0.0.1:${portOf(plain)}`);
    await list({ "aws:insecure": "true" }, `https://localhost:${portOf(secure)}`);
    assert.deepEqual(proxy.asked, []);
  });

  it("does not trust strange certificates, unless it is told to", async () => {
    const behind = { "aws:httpsProxy": address, "aws:customCaBundle": "" };
    assert.match((await failureOf(list(behind))).message, /certificate|self.signed/i);
    await list({ ...behind, "aws:insecure": "true" });
    process.env.AWS_CA_BUNDLE = CERTIFICATE;
    await list(behind);
    assert.deepEqual(proxy.asked, [TUNNEL, TUNNEL, TUNNEL]);
  });

  it("trusts the configuration's certificates without a proxy too", async () => {
    // The certificate is for another name: only who it is from is right.
    const error = await failureOf(list({}, `https://localhost:${portOf(secure)}`));
    assert.match(error.message, /Hostname\/IP does not match/);
  });

  it("loads nothing of it where no proxy is set", () => {
    const libraries = () => Object.keys(require.cache).filter((file) => /proxy-agent|agent-base/.test(file));
    for (const file of libraries()) delete require.cache[file];
    awsSession(() => undefined, "eu-west-1").clientConfig("sagemaker");
    assert.deepEqual(libraries(), []);
  });
});
