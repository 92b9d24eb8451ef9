import assert from "node:assert/strict";
import { promisify } from "node:util";
import {
  type CallOptions,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
} from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Provider } from "../../../local/provider/provider.ts";
import { providerService } from "../../../local/provider/server.ts";
import { unknownValue } from "../../../local/provider/values.ts";
import { awsError, fakeAws } from "./support/fakeAws.ts";

const struct = (value: object) => Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
const urn = (type: string, name: string) => `urn:pulumi:dev::proj::pkg:x:Parent$${type}::${name}`;
const bucketUrn = urn("aws:s3/bucket:Bucket", "data");
const groupUrn = urn("aws:cloudwatch/logGroup:LogGroup", "a::b");

describe("the provider's gRPC service", () => {
  const aws = fakeAws({
    "s3.headBucket": awsError("NotFound"),
    "logs.putRetentionPolicy": awsError("InvalidParameterException", "no 8 days"),
  });
  const provider = new Provider(() => aws);
  let server: Server;
  let client: ResourceProviderClient;

  before(async () => {
    server = new Server();
    server.addService(ResourceProviderService, providerService(provider, "7.48.0"));
    const port = await promisify(server.bindAsync.bind(server))(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
    );
    client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const args = struct({ region: "us-east-1", defaultTags: '{"tags":{"owner":"o"}}' });
    await call(client.configure, new messages.ConfigureRequest().setArgs(args));
  });
  after(() => {
    client.close();
    server.forceShutdown();
  });

  type Answer<R> = (error: ServiceError | null, response: R) => void;
  type Method<Q, R> = (
    request: Q,
    metadata: Metadata,
    options: Partial<CallOptions>,
    answer: Answer<R>,
  ) => unknown;

  function call<Q, R>(method: Method<Q, R>, request: Q): Promise<R> {
    return new Promise((resolve, reject) => {
      const answer: Answer<R> = (error, response) => (error ? reject(error) : resolve(response));
      method.call(client, request, new Metadata(), {}, answer);
    });
  }

  /** The error of a call that must fail. */
  function failing(answer: Promise<unknown>): Promise<ServiceError> {
    return answer.then(
      () => assert.fail("the call succeeded"),
      (error: ServiceError) => error,
    );
  }

  const fields = (message: Struct | undefined) => message?.toJavaScript() as Record<string, unknown>;

  it("stands in for the version of the SDK", async () => {
    assert.equal((await call(client.getPluginInfo, new Empty())).getVersion(), "7.48.0");
  });

  it("checks with the configuration's region and tags, and names after the resource", async () => {
    const request = new messages.CheckRequest().setUrn(bucketUrn).setNews(struct({ forceDestroy: true }));
    const inputs = fields((await call(client.check, request)).getInputs());
    assert.match(String(inputs.bucket), /^data-[0-9a-f]{7}$/);
    assert.equal(inputs.region, "us-east-1");
    assert.deepEqual([inputs.tags, inputs.tagsAll], [undefined, { owner: "o" }]);
  });

  it("reports what check refuses as failures of the property", async () => {
    const request = new messages.CheckRequest().setUrn(bucketUrn).setNews(struct({ forceDestroy: "yes" }));
    const [failure] = (await call(client.check, request)).getFailuresList();
    assert.equal(failure.getProperty(), "forceDestroy");
    const settings = new messages.CheckRequest().setNews(struct({ assumeRoles: '[{"roleArn":"x"}]' }));
    const [refused] = (await call(client.checkConfig, settings)).getFailuresList();
    assert.equal(refused.getProperty(), "assumeRoles");
  });

  it("is another provider in another region, and the same one with other tags", async () => {
    const request = new messages.DiffRequest().setOldInputs(struct({ region: "us-east-1" }));
    request.setNews(struct({ region: "eu-west-1", defaultTags: '{"tags":{"a":"1"}}' }));
    const response = await call(client.diffConfig, request);
    assert.deepEqual(response.getReplacesList(), ["region"]);
    assert.deepEqual(response.getDiffsList(), ["region", "defaultTags"]);
    const { DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const same = request.setNews(struct({ region: "us-east-1" }));
    assert.equal((await call(client.diffConfig, same)).getChanges(), DIFF_NONE);
  });

  it("reports what has no value as the real provider does, null among it", async () => {
    const update = new messages.UpdateRequest().setUrn(bucketUrn).setId("b").setPreview(true);
    const inputs = struct({ bucket: "b", tagsAll: {} });
    const updated = await call(client.update, update.setOldInputs(inputs).setNews(inputs));
    const { tags, policy, corsRules } = fields(updated.getProperties());
    assert.deepEqual([tags, policy, corsRules], [null, "", []]);
  });

  it("compares old inputs with new ones, property by property", async () => {
    const request = new messages.DiffRequest().setUrn(bucketUrn).setOlds(struct({ bucket: "a", arn: "x" }));
    request.setOldInputs(struct({ bucket: "a", tags: { a: "1" } })).setNews(struct({ bucket: "b" }));
    const response = await call(client.diff, request);
    assert.equal(response.getChanges(), messages.DiffResponse.DiffChanges.DIFF_SOME);
    assert.deepEqual(response.getReplacesList(), ["bucket"]);
    assert.deepEqual(response.getDiffsList(), ["bucket", "tags"]);
    const { UPDATE_REPLACE, DELETE } = messages.PropertyDiff.Kind;
    assert.equal(response.getDetaileddiffMap().get("bucket")?.getKind(), UPDATE_REPLACE);
    assert.equal(response.getDetaileddiffMap().get("tags")?.getKind(), DELETE);

    const nothing = new messages.DiffRequest().setUrn(bucketUrn).setOldInputs(struct({ bucket: "a" }));
    const none = await call(client.diff, nothing.setNews(struct({ bucket: "a" })));
    assert.equal(none.getChanges(), messages.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("previews without a call to AWS", async () => {
    const before = aws.calls.length;
    const create = new messages.CreateRequest().setUrn(bucketUrn).setPreview(true);
    const created = await call(
      client.create,
      create.setProperties(struct({ bucket: "b", region: "us-east-1" })),
    );
    assert.equal(created.getId(), "");
    assert.equal(fields(created.getProperties()).arn, unknownValue);
    const update = new messages.UpdateRequest().setUrn(bucketUrn).setId("b").setPreview(true);
    update.setOlds(struct({ bucket: "b", arn: "arn:b" })).setOldInputs(struct({ bucket: "b" }));
    const updated = await call(client.update, update.setNews(struct({ bucket: "b", tags: { a: "1" } })));
    assert.equal(fields(updated.getProperties()).arn, "arn:b");
    assert.equal(aws.calls.length, before);
  });

  it("answers a read of what is gone with nothing", async () => {
    const request = new messages.ReadRequest()
      .setUrn(bucketUrn)
      .setId("b")
      .setProperties(struct({ bucket: "b" }));
    const response = await call(client.read, request);
    assert.equal(response.getId(), "");
    assert.equal(response.hasProperties(), false);
  });

  it("hands over what was made when the rest fails", async () => {
    const request = new messages.CreateRequest().setUrn(groupUrn);
    request.setProperties(struct({ name: "g", retentionInDays: 8, region: "us-east-1" }));
    const error = await failing(call(client.create, request));
    assert.match(error.details, /^aws:cloudwatch\/logGroup:LogGroup "a::b": no 8 days/);
    const [packed] = error.metadata.get("grpc-status-details-bin");
    const [detail] = Status.deserializeBinary(packed as Buffer).getDetailsList();
    const half = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    assert.equal(half.getId(), "g");
    assert.equal(fields(half.getInputs()).retentionInDays, 8);
  });

  it("fails an unknown function with the list of those it knows", async () => {
    const request = new messages.InvokeRequest().setTok("aws:ec2/getVpc:getVpc").setArgs(struct({}));
    const error = await failing(call(client.invoke, request));
    assert.match(error.details, /aws:ec2\/getVpc:getVpc is not among them/);
  });
});
