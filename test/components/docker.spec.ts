import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { dockerFault } from "../../components/docker";

describe("whether Docker answers", () => {
  let dir: string;
  let server: Server | undefined;
  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(tmpdir(), "d-"));
  });
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    fs.rmSync(dir, { recursive: true, force: true });
  });
  const listen = (where: object) =>
    new Promise<Server>((resolve) => {
      server = createServer((socket) => socket.end());
      server.listen(where, () => resolve(server as Server));
    });

  it("is said of a socket and of an address", async () => {
    const socket = path.join(dir, "s");
    assert.match(
      String(await dockerFault({ DOCKER_HOST: `unix://${socket}` })),
      /^The image must be built, and Docker does not answer at .*\/s \(ENOENT\)\. Start Docker, or set DOCKER_HOST/,
    );
    await listen({ path: socket });
    assert.equal(await dockerFault({ DOCKER_HOST: `unix://${socket}` }), undefined);
  });

  it("is said of a port", async () => {
    const { port } = (await listen({ host: "127.0.0.1", port: 0 })).address() as { port: number };
    assert.equal(await dockerFault({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }), undefined);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    assert.match(String(await dockerFault({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })), /ECONNREFUSED/);
  });

  it("is left to Docker where its own settings say how to reach it", async () => {
    assert.equal(await dockerFault({ DOCKER_HOST: "ssh://me@build" }), undefined);
    assert.equal(await dockerFault({ DOCKER_CONTEXT: "colima" }), undefined);
    fs.writeFileSync(path.join(dir, "config.json"), '{"currentContext": "desktop-linux"}');
    assert.equal(await dockerFault({ DOCKER_CONFIG: dir }), undefined);
  });
});
