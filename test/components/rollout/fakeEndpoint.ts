import type { DeploymentConfig, Tag } from "@aws-sdk/client-sagemaker";
import type { Answer, EndpointNow, RolloutApi } from "../../../components/rollout/api";

export const RIGHT: Answer = {
  status: 200,
  body: '[{"label":"cat","probabilities":{"cat":0.9,"dog":0.1}}]',
};

/** One endpoint as SageMaker has it: an update is Updating for a look, and ends as the test says. */
export class FakeEndpoint implements RolloutApi {
  now: EndpointNow | undefined;
  /** Configurations whose container does not start: rolled back, or Failed where nothing is in service. */
  readonly unloadable = new Map<string, string>();
  /** What the model of a configuration says, one after the other; the last one for good. Default: what is right. */
  readonly answers = new Map<string, Answer[]>();
  /** What was done, in order. */
  readonly done: string[] = [];
  readonly updates: (DeploymentConfig | undefined)[] = [];
  log: string[] = [];
  tagList: Tag[] = [];
  /** Errors of the next updates, one each; after them they go well. */
  readonly refusals: Error[] = [];
  /** What a request ends with, in place of an answer. */
  unreachable: Error | undefined;
  #next: EndpointNow | undefined;

  constructor(configName: string, status = "InService") {
    this.now = { status, configName };
  }

  async describe() {
    const { now } = this;
    if (this.#next && now?.status === "Updating") {
      this.now = this.#next;
      this.#next = undefined;
    }
    return now;
  }

  async update(_endpoint: string, configName: string, how?: DeploymentConfig) {
    this.done.push(`update ${configName}`);
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    this.updates.push(how);
    const fault = this.unloadable.get(configName);
    const before = this.now?.configName ?? "";
    this.now = { status: "Updating", configName: before };
    this.#next = {
      status: "InService",
      configName: fault ? before : configName,
      ...(fault && { failureReason: fault }),
    };
  }

  async tags(): Promise<Tag[] | undefined> {
    return this.tagList;
  }

  async delete() {
    if (this.now?.status === "Updating") throw new Error("Cannot update in-progress endpoint");
    this.done.push("delete");
    this.now = undefined;
  }

  async create(_endpoint: string, configName: string, tags: Tag[]) {
    this.done.push(`create ${configName} ${tags.map(({ Key }) => Key).join(",")}`.trim());
    this.now = { status: "InService", configName };
  }

  async invoke(_endpoint: string, _body: Uint8Array, contentType: string) {
    this.done.push(`ask ${this.now?.configName} ${contentType}`);
    if (this.unreachable) throw this.unreachable;
    const answers = this.answers.get(this.now?.configName ?? "") ?? [RIGHT];
    return (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
  }

  async content(place: string) {
    if (place.includes("missing")) throw Object.assign(new Error("no such key"), { name: "NoSuchKey" });
    return Buffer.from(place);
  }

  async logSince() {
    return this.log;
  }
}
