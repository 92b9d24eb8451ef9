import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** What `pulumi policy publish` tells Pulumi Cloud of a policy pack. */
export interface PublishedPack {
  organization: string;
  /** The request that describes the pack, as the CLI sends it. */
  description: {
    name: string;
    displayName: string;
    versionTag: string;
    readme: string;
    provider: string;
    tags: string[];
    repository: string;
    policies: Record<string, unknown>[];
  };
  /** The package, as a gzipped tar archive. */
  archive: Buffer;
}

export interface PulumiCloud {
  url: string;
  /** Packs whose publication was completed, oldest first. */
  published: PublishedPack[];
  close(): Promise<void>;
}

/** As much of Pulumi Cloud, on this machine, as the CLI needs to publish a policy pack. */
export async function startPulumiCloud(): Promise<PulumiCloud> {
  const published: PublishedPack[] = [];
  let started: Pick<PublishedPack, "organization" | "description"> | undefined;
  let archive: Buffer | undefined;

  const answer = async (request: IncomingMessage, url: string): Promise<object | undefined> => {
    const call = `${request.method} ${request.url}`;
    const body = await buffer(request);
    if (call === "GET /api/user") return { githubLogin: "someone", organizations: [{ githubLogin: "acme" }] };
    if (call === "PUT /upload") {
      archive = body;
      return {};
    }
    const [, organization, complete] =
      /^POST \/api\/orgs\/(\w+)\/policypacks(.*\/complete)?$/.exec(call) ?? [];
    if (organization === undefined) return undefined;
    if (complete === undefined) {
      const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      started = { organization, description: JSON.parse(text.toString("utf8")) };
      return { version: 1, uploadURI: `${url}/upload` };
    }
    if (started === undefined || archive === undefined) return undefined;
    published.push({ ...started, archive });
    started = undefined;
    archive = undefined;
    return {};
  };

  const server = createServer((request, response) => {
    void answer(request, urlOf()).then((found) => {
      response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(found ?? { code: 404, message: "not found" }));
    });
  });
  const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: urlOf(),
    published,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
