import type { Caller } from "../front/caller.ts";
import type { JsonService } from "../front/front.ts";
import { carryOut, type Operations, type ServiceWords } from "../sagemaker/awsJson.ts";
import { AwsError } from "../sagemaker/errors.ts";
import { readModel } from "../sagemaker/model/model.ts";
import { compareKeys, describeGroup, describeStream, groupArn, pageOf } from "./describe.ts";
import { type FilterRequest, filterEvents } from "./filter.ts";
import { readPattern } from "./filterPattern.ts";
import { type PutRequest, putEvents } from "./put.ts";
import { type GetRequest, getEvents } from "./read.ts";
import { type LogGroup, type LogStore, notFound } from "./store.ts";

interface InGroup {
  logGroupName?: string;
  logGroupIdentifier?: string;
}
interface InStream extends InGroup {
  logStreamName: string;
}

const model = readModel(new URL("./model/logs.generated.json", import.meta.url));
const maxTags = 50;
/** Days that a retention can have (API reference, PutRetentionPolicy). */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** CloudWatch Logs over awsJson1_1, from files. */
export class LogsService implements JsonService {
  private readonly store: LogStore;
  private readonly now: () => number;
  private readonly words: ServiceWords;

  constructor(store: LogStore, now: () => number, log: (line: string) => void) {
    this.store = store;
    this.now = now;
    this.words = {
      name: "CloudWatch Logs",
      serves: "",
      model,
      codes: { invalid: "InvalidParameterException", internal: "ServiceUnavailableException" },
      log,
    };
  }

  private readonly operations: Operations = {
    CreateLogGroup: (
      input: {
        logGroupName: string;
        kmsKeyId?: string;
        logGroupClass?: string;
        tags?: Record<string, string>;
      },
      { region },
    ) => {
      const { logGroupName, kmsKeyId, logGroupClass = "STANDARD", tags = {} } = input;
      this.store.create(region, logGroupName, { kmsKeyId, logGroupClass, tags }, this.now());
    },
    DeleteLogGroup: (input: { logGroupName: string }, { region }) =>
      this.store.remove(region, input.logGroupName),
    DescribeLogGroups: this.describeGroups.bind(this),
    PutRetentionPolicy: (input: InGroup & { retentionInDays: number }, caller) => {
      if (!retentions.includes(input.retentionInDays)) {
        throw invalid(
          `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${retentions.join(", ")}]`,
        );
      }
      this.group(input, caller).change({ retentionInDays: input.retentionInDays });
    },
    DeleteRetentionPolicy: (input: InGroup, caller) =>
      this.group(input, caller).change({ retentionInDays: undefined }),
    AssociateKmsKey: (input: InGroup & { kmsKeyId: string; resourceIdentifier?: string }, caller) =>
      this.keyed(input, caller).change({ kmsKeyId: input.kmsKeyId }),
    DisassociateKmsKey: (input: InGroup & { resourceIdentifier?: string }, caller) =>
      this.keyed(input, caller).change({ kmsKeyId: undefined }),
    CreateLogStream: (input: InStream, caller) => {
      this.group(input, caller).create(input.logStreamName, this.now());
    },
    DeleteLogStream: (input: InStream, caller) => this.group(input, caller).remove(input.logStreamName),
    DescribeLogStreams: this.describeStreams.bind(this),
    PutLogEvents: (input: InStream & PutRequest, caller) => {
      const group = this.group(input, caller);
      const now = this.now();
      return putEvents(group.get(input.logStreamName), input, now, group.kept(now));
    },
    GetLogEvents: (input: InStream & GetRequest, caller) => {
      const group = this.group(input, caller);
      return getEvents(group.get(input.logStreamName), input, group.kept(this.now()));
    },
    FilterLogEvents: this.filter.bind(this),
    TagResource: (input: { resourceArn: string; tags: Record<string, string> }, caller) =>
      this.tag(this.byArn(input.resourceArn, caller), input.tags),
    UntagResource: (input: { resourceArn: string; tagKeys: string[] }, caller) =>
      this.untag(this.byArn(input.resourceArn, caller), input.tagKeys),
    ListTagsForResource: (input: { resourceArn: string }, caller) => ({
      tags: this.byArn(input.resourceArn, caller).settings.tags,
    }),
    TagLogGroup: (input: InGroup & { tags: Record<string, string> }, caller) =>
      this.tag(this.group(input, caller), input.tags),
    UntagLogGroup: (input: InGroup & { tags: string[] }, caller) =>
      this.untag(this.group(input, caller), input.tags),
    ListTagsLogGroup: (input: InGroup, caller) => ({ tags: this.group(input, caller).settings.tags }),
  };

  handle(operation: string, body: Buffer, caller: Caller): Promise<{ status: number; body: unknown }> {
    return carryOut(this.operations, this.words, { operation, body, caller });
  }

  private describeGroups(
    input: {
      logGroupNamePrefix?: string;
      logGroupNamePattern?: string;
      logGroupIdentifiers?: string[];
      logGroupClass?: string;
      limit?: number;
      nextToken?: string;
    },
    { region, account }: Caller,
  ) {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: part, logGroupIdentifiers: named } = input;
    if (prefix !== undefined && part !== undefined) {
      throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
    }
    const names = named?.flatMap((each) => this.nameHere(each, { region, account }) ?? []);
    const groups = this.store.all(region).filter(({ settings: { name, logGroupClass } }) => {
      if (input.logGroupClass !== undefined && logGroupClass !== input.logGroupClass) return false;
      if (names) return names.includes(name);
      return part === undefined
        ? name.startsWith(prefix ?? "")
        : name.toLowerCase().includes(part.toLowerCase());
    });
    const { page, nextToken } = pageOf(groups, ({ settings }) => [settings.name], input);
    const logGroups = page.map((group) =>
      describeGroup(group, groupArn(region, account, group.settings.name)),
    );
    return { logGroups, nextToken };
  }

  private describeStreams(
    input: InGroup & {
      logStreamNamePrefix?: string;
      orderBy?: string;
      descending?: boolean;
      limit?: number;
      nextToken?: string;
    },
    caller: Caller,
  ) {
    const byTime = input.orderBy === "LastEventTime";
    if (byTime && input.logStreamNamePrefix !== undefined) {
      throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    const group = this.group(input, caller);
    group.kept(this.now());
    const streams = group.all().filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""));
    const keyOf = ({ name, last }: (typeof streams)[number]) =>
      byTime ? [last?.timestamp ?? 0, name] : [name];
    const { page, nextToken } = pageOf(
      streams.sort((a, b) => compareKeys(keyOf(a), keyOf(b))),
      keyOf,
      input,
    );
    const arn = groupArn(caller.region, caller.account, group.settings.name);
    return { logStreams: page.map((stream) => describeStream(stream, arn)), nextToken };
  }

  private filter(
    input: InGroup &
      FilterRequest & {
        logStreamNames?: string[];
        logStreamNamePrefix?: string;
        filterPattern?: string;
        startFromHead?: boolean;
      },
    caller: Caller,
  ) {
    const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
    if (names && prefix !== undefined) {
      throw invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
    }
    if (input.startFromHead === false) {
      throw invalid("The local CloudWatch Logs gives the latest events first in GetLogEvents only.");
    }
    const group = this.group(input, caller);
    const streams = names
      ? [...new Set(names)].map((name) => group.get(name))
      : group.all().filter(({ name }) => name.startsWith(prefix ?? ""));
    return filterEvents(streams, input, group.kept(this.now()), readPattern(input.filterPattern ?? ""));
  }

  private tag(group: LogGroup, tags: Record<string, string>): void {
    const all = { ...group.settings.tags, ...tags };
    if (Object.keys(all).length > maxTags) {
      throw new AwsError("TooManyTagsException", `A resource can have no more than ${maxTags} tags.`);
    }
    group.change({ tags: all });
  }

  private untag(group: LogGroup, keys: string[]): void {
    const kept = Object.entries(group.settings.tags).filter(([key]) => !keys.includes(key));
    group.change({ tags: Object.fromEntries(kept) });
  }

  private keyed(input: InGroup & { resourceIdentifier?: string }, caller: Caller): LogGroup {
    return input.resourceIdentifier === undefined
      ? this.group(input, caller)
      : this.byArn(input.resourceIdentifier, caller);
  }

  private group({ logGroupName: name, logGroupIdentifier: identifier }: InGroup, caller: Caller): LogGroup {
    if (name !== undefined && identifier !== undefined) {
      throw invalid("LogGroup name and LogGroup Identifier are mutually exclusive parameters.");
    }
    if (name === undefined && identifier === undefined)
      throw invalid("At least one of logGroupName or logGroupIdentifier must be provided.");
    const wanted = name ?? this.nameHere(identifier ?? "", caller);
    if (wanted === undefined) throw notFound("group");
    return this.store.get(caller.region, wanted);
  }

  private byArn(arn: string, caller: Caller): LogGroup {
    const name = this.nameHere(arn, caller);
    if (name === undefined || name === arn) throw notFound("group");
    return this.store.get(caller.region, name);
  }

  /** The name in a group's ARN, with or without `:*`, undefined for one of another region or account; a plain name as it is. */
  private nameHere(identifier: string, { region, account }: Pick<Caller, "region" | "account">) {
    if (!identifier.startsWith("arn:")) return identifier;
    const arn = identifier.replace(/:\*$/, "");
    const name = arn.split(":").slice(6).join(":");
    return arn === groupArn(region, account, name) ? name : undefined;
  }
}

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
