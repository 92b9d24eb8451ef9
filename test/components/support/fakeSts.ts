import * as http from "node:http";
import type { AddressInfo } from "node:net";

export interface AssumedRole {
  /** Access key that signed the request. */
  signedBy: string;
  params: Record<string, string>;
}

/** STS on this machine: hands out credentials named after the role, and remembers who asked for them. */
export class FakeSts {
  readonly assumed: AssumedRole[] = [];
  /** How long the credentials last, in seconds. */
  lifetime = 3600;
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const params = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const [, signedBy = ""] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
      this.assumed.push({ signedBy, params });
      response.setHeader("content-type", "text/xml");
      response.end(answer(params.RoleArn, new Date(Date.now() + this.lifetime * 1000)));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

const answer = (roleArn: string, expires: Date) => {
  const key = roleArn.split("/").at(-1);
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
    <AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>${roleArn}</Arn></AssumedRoleUser>
    <Credentials><AccessKeyId>key-of-${key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
    <SessionToken>token</SessionToken><Expiration>${expires.toISOString()}</Expiration></Credentials>
  </AssumeRoleResult></AssumeRoleResponse>`;
};
