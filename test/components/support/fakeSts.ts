import * as http from "node:http";
import type { AddressInfo } from "node:net";

export interface AssumedRole {
  /** Access key that signed the request. */
  signedBy: string;
  /** Region that the request was signed for. */
  region: string;
  params: Record<string, string>;
}

/** STS on this machine: hands out credentials named after the role, and remembers who asked for them; tells everybody the account. */
export class FakeSts {
  readonly assumed: AssumedRole[] = [];
  /** Access keys, and regions, of those who asked for their account. */
  readonly identified: { signedBy: string; region: string }[] = [];
  account = "111122223333";
  /** The next answers are these HTTP errors. */
  readonly failures: number[] = [];
  /** How long the credentials last, in seconds. */
  lifetime = 3600;
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const params = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const [, signedBy = "", region = ""] =
        /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
      response.setHeader("content-type", "text/xml");
      const failure = this.failures.shift();
      if (failure) {
        response.statusCode = failure;
        response.end();
      } else if (params.Action === "GetCallerIdentity") {
        this.identified.push({ signedBy, region });
        response.end(identity(this.account));
      } else {
        this.assumed.push({ signedBy, region, params });
        response.end(answer(params.Action, params.RoleArn, new Date(Date.now() + this.lifetime * 1000)));
      }
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

const identity = (account: string) =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::${account}:user/ada</Arn><UserId>A</UserId><Account>${account}</Account>
  </GetCallerIdentityResult></GetCallerIdentityResponse>`;

const answer = (action: string, roleArn: string, expires: Date) => {
  const key = roleArn.split("/").at(-1);
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
    <AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>${roleArn}</Arn></AssumedRoleUser>
    <Credentials><AccessKeyId>key-of-${key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
    <SessionToken>token</SessionToken><Expiration>${expires.toISOString()}</Expiration></Credentials>
  </${action}Result></${action}Response>`;
};
