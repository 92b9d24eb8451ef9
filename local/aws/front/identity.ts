import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Credentials } from "../clients.ts";
import { type Claim, headersOf, readClaim, secondsOf } from "./signature.ts";
import { presignedV2 } from "./sigv2.ts";
import { sha256, signature } from "./sigv4.ts";
import { queryValue, type Target } from "./target.ts";

/** An access key that the local IAM or STS has given out. */
export interface IssuedKey {
  secretAccessKey: string;
  /** Goes with temporary keys, and must come with them. */
  sessionToken?: string;
  /** Seconds since 1970. */
  expiration?: number;
}

/** Why a caller is refused. */
export type Doubt = "unsigned" | "unknown key" | "wrong signature" | "expired" | "clock";

/** A caller whose key is known; what it signed is still to be verified. */
export interface Claimed {
  claim: Claim;
  key: IssuedKey;
}

/** AWS's own limit on the difference between two clocks, for S3, IAM and STS. */
const skewSeconds = 15 * 60;

/**
 * Tells the owner of the local AWS, and the jobs that run for it, from everybody else on this machine: loopback is open to
 * every user and every program.
 *
 * Signatures are verified, rather than the access key taken as a password: a signature does not give the secret away to
 * whoever sits on the port while the local AWS is stopped, nor does a presigned URL that is handed on.
 */
export class Identity {
  private readonly owner: Credentials;
  private readonly issued: (accessKey: string) => Promise<IssuedKey | undefined>;
  private readonly now: () => number;

  /**
   * @param issued looks up the keys of IAM users and of sessions of STS
   * @param now milliseconds since 1970
   */
  constructor(
    owner: Credentials,
    issued: (accessKey: string) => Promise<IssuedKey | undefined>,
    now: () => number = Date.now,
  ) {
    this.owner = owner;
    this.issued = issued;
    this.now = now;
  }

  /** Looks up who the request says it is from. Nothing is read of its body, so that a stranger cannot send any. */
  async recognise(request: Pick<IncomingMessage, "headers">, target: Target): Promise<Claimed | Doubt> {
    const claim = readClaim(request, target);
    if (!claim) return "unsigned";
    const { accessKeyId, secretAccessKey } = this.owner;
    const key = claim.accessKey === accessKeyId ? { secretAccessKey } : await this.issued(claim.accessKey);
    if (!key) return "unknown key";
    const now = this.now() / 1000;
    if (key.expiration !== undefined && now > key.expiration) return "expired";
    if ((key.sessionToken ?? "") !== (claim.token ?? "")) return "unknown key";
    if (claim.presigned) return now <= (claim.expires as number) ? { claim, key } : "expired";
    return Math.abs(now - secondsOf(claim.date)) <= skewSeconds ? { claim, key } : "clock";
  }

  /** Verifies the signature. `body` is undefined where S3 takes it unread: it signs a hash that comes in a header. */
  verify(
    { claim, key }: Claimed,
    request: Pick<IncomingMessage, "method" | "rawHeaders">,
    target: Target,
    body: Buffer | undefined,
  ): Doubt | undefined {
    const headers = headersOf(request);
    if (!coversWhatCounts(claim, headers, target)) return "wrong signature";
    const method = request.method ?? "GET";
    if (claim.version === 2) {
      const expected = presignedV2(
        { method, target, headers, expires: String(queryValue(target, "Expires")) },
        key.secretAccessKey,
      );
      return same(expected, claim.signature) ? undefined : "wrong signature";
    }
    const payloadHash = hashOfPayload(claim, headers, body);
    if (payloadHash === undefined) return "wrong signature";
    const query = target.query.filter(([name]) => !claim.presigned || name !== "X-Amz-Signature");
    const expected = signature(
      { ...claim, method, path: target.path, query, headers, payloadHash },
      key.secretAccessKey,
    );
    return same(expected, claim.signature) ? undefined : "wrong signature";
  }
}

/**
 * Whoever holds a presigned URL may add headers and parameters to it. None that is not signed may turn the call into
 * another one: `x-amz-copy-source`, `X-Amz-Target`, `Action`.
 */
function coversWhatCounts(claim: Claim, headers: Record<string, string>, target: Target): boolean {
  if (claim.service === "s3" && (headers["x-amz-target"] !== undefined || queryValue(target, "Action"))) {
    return false;
  }
  if (claim.version === 2) return true; // signs every header of Amazon's
  return Object.keys(headers).every(
    (name) => !(name.startsWith("x-amz-") || name === "host") || claim.signedHeaders.includes(name),
  );
}

function hashOfPayload(
  claim: Claim,
  headers: Record<string, string>,
  body: Buffer | undefined,
): string | undefined {
  const told = headers["x-amz-content-sha256"];
  if (claim.service === "s3") return claim.presigned ? (told ?? "UNSIGNED-PAYLOAD") : told;
  const actual = sha256(body ?? "");
  return told === undefined || told === actual ? actual : undefined;
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
