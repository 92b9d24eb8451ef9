/** What AWS says about who may not do what. */
export interface Denial {
  /** ARN of who asked. */
  who?: string;
  /** Such as `sagemaker:AddTags`. */
  action?: string;
  /** ARN of what it was asked for. */
  resource?: string;
  /** The kind of policy that decided, such as "identity-based policy" or "service control policy". */
  policy?: string;
  /** A policy says no, where otherwise none says yes. */
  explicit: boolean;
}

/** S3 refused to say anything of an object. */
export class ObjectDeniedError extends Error {
  readonly uri: string;

  constructor(uri: string, cause: Error) {
    super(`S3 does not let you see ${uri} (403 ${cause.name}: ${cause.message})`, { cause });
    this.name = "ObjectDeniedError";
    this.uri = uri;
  }
}

/** Whether AWS refused a call for want of a permission. */
export function isDenied(error: unknown): boolean {
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (/^(AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden)/.test(name)) return true;
  return $metadata?.httpStatusCode === 403 && /^(Unknown|UnknownError|403)$/.test(name);
}

/** Reads the sentence that AWS has for it, which differs only in its end. Older services say nothing but "Access Denied". */
export function readDenial(message: string): Denial {
  const found = /(?:User: (?<who>\S+) )?is not authorized to perform: (?<action>[\w-]+:\w+)/.exec(message);
  const resource = /on resource: (\S+)/.exec(message)?.[1];
  const policy = /(?:because no|explicit deny in an?) (.+? policy|permissions boundary)/.exec(message)?.[1];
  return {
    who: found?.groups?.who,
    action: found?.groups?.action,
    resource: resource?.replace(/[.,;]$/, ""),
    policy,
    explicit: / explicit deny /.test(message),
  };
}

/** What to do about it, as a clause: `grant … sagemaker:AddTags on …`. `actions` are what is needed where AWS names none. */
export function howToAllow(message: string, actions: string): string {
  const { who = "your identity", action, resource, policy, explicit } = readDenial(message);
  const needed = action ? `${action}${resource ? ` on ${resource}` : ""}` : actions;
  if (policy && /service control|resource control/.test(policy)) {
    return `let who manages your AWS organization allow ${needed}: a ${policy} denies it to ${who}`;
  }
  if (explicit) return `take the explicit deny of ${needed} for ${who} out of the ${policy ?? "policy"}`;
  if (policy && policy !== "identity-based policy") return `allow ${needed} for ${who} in the ${policy}`;
  return `grant ${who} ${needed}`;
}
