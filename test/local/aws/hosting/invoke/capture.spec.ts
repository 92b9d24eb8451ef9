import assert from "node:assert/strict";
import type { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { DataCaptureConfig } from "@aws-sdk/client-sagemaker";
import { type Answered, DataCapture } from "../../../../../local/aws/hosting/invoke/capture.ts";

const config: DataCaptureConfig = {
  ...{ InitialSamplingPercentage: 100, DestinationS3Uri: "s3://seen/all/" },
  CaptureOptions: [{ CaptureMode: "Input" }, { CaptureMode: "Output" }],
  CaptureContentTypeHeader: { CsvContentTypes: ["text/csv"], JsonContentTypes: ["application/json"] },
};
const answered = (changes: Partial<Answered> = {}, more: Partial<DataCaptureConfig> = {}) =>
  ({
    endpoint: { name: "serve", region: "us-east-1" },
    deployed: { variant: { VariantName: "all" } },
    config: { ...config, ...more },
    input: { contentType: "text/csv; charset=utf-8", body: Buffer.from("1,2\n") },
    output: { contentType: "application/json", body: Buffer.from("[3]") },
    ...changes,
  }) as Answered;

describe("data capture", () => {
  const noon = Date.UTC(2026, 10, 26, 12, 3, 4, 56);

  function capture({ now = () => noon, random = (): number => 0.5, fails = false } = {}) {
    const put: Record<string, unknown>[] = [];
    const told: string[] = [];
    const send = async ({ input }: PutObjectCommand) => {
      if (fails) throw new Error("Access Denied");
      put.push({ ...input });
    };
    const s3Of = async () => ({ send }) as unknown as S3Client;
    return { put, told, capture: new DataCapture({ s3Of, now, random, log: (line) => told.push(line) }) };
  }

  it("writes a line for each request, by endpoint, variant and hour", async () => {
    const times = [noon, noon + 1, noon + 3_600_000];
    const { put, capture: it } = capture({ now: () => times.shift() ?? 0 });
    it.take(answered({ inferenceId: "id-1", customAttributes: "trace=1" }));
    it.take(answered());
    it.take(answered());
    await it.flush();
    assert.deepEqual(
      put.map(({ Bucket, Key }) => [Bucket, String(Key).replace(/[0-9a-f-]{36}\.jsonl$/, "ID.jsonl")]),
      [
        ["seen", "all/serve/all/2026/11/26/12/03-04-056-ID.jsonl"],
        ["seen", "all/serve/all/2026/11/26/13/03-04-056-ID.jsonl"],
      ],
    );
    const [first = "", second = "", end] = String(put[0]?.Body).split("\n");
    const { eventMetadata, ...line } = JSON.parse(first);
    assert.deepEqual(line, {
      captureData: {
        endpointInput: {
          ...{
            observedContentType: "text/csv; charset=utf-8",
            mode: "INPUT",
            data: "1,2\n",
            encoding: "CSV",
          },
        },
        endpointOutput: {
          ...{ observedContentType: "application/json", mode: "OUTPUT", data: "[3]", encoding: "JSON" },
        },
      },
      eventVersion: "0",
    });
    const { eventId, ...metadata } = eventMetadata;
    assert.match(eventId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(metadata, {
      ...{ customAttributes: ["trace=1"], inferenceId: "id-1", inferenceTime: "2026-11-26T12:03:04Z" },
    });
    assert.notEqual(JSON.parse(second).eventMetadata.eventId, eventId);
    assert.equal(end, "");
  });

  it("keeps what is no text in base64, and only the side that is asked for", async () => {
    const { put, capture: it } = capture();
    const image = { contentType: "application/x-image", body: Buffer.from([255, 216]) };
    it.take(answered({ input: image }, { CaptureOptions: [{ CaptureMode: "Input" }] }));
    it.take(
      answered({}, { CaptureOptions: [{ CaptureMode: "Output" }], CaptureContentTypeHeader: undefined }),
    );
    it.take(answered({}, { CaptureOptions: [{ CaptureMode: "InputAndOutput" }] }));
    await it.flush();
    const lines = String(put[0]?.Body).trim().split("\n");
    const data = lines.map((line) => JSON.parse(line).captureData);
    assert.deepEqual(data.map(Object.keys), [
      ["endpointInput"],
      ["endpointOutput"],
      ["endpointInput", "endpointOutput"],
    ]);
    assert.deepEqual([data[0].endpointInput.data, data[0].endpointInput.encoding], ["/9g=", "BASE64"]);
    assert.deepEqual([data[1].endpointOutput.data, data[1].endpointOutput.encoding], ["WzNd", "BASE64"]);
  });

  it("takes the share of the requests that is asked for, and none where it is off", async () => {
    const chances = [0, 0.19, 0.2, 0.99];
    const { put, capture: it } = capture({ random: () => chances.shift() ?? 0 });
    for (let request = 0; request < 4; request++) it.take(answered({}, { InitialSamplingPercentage: 20 }));
    it.take(answered({}, { EnableCapture: false }));
    it.take(answered({}, { InitialSamplingPercentage: 0 }));
    await it.flush();
    assert.equal(String(put[0]?.Body).trim().split("\n").length, 2);
  });

  it("encrypts with the key that is named, and says what could not be written", async () => {
    const { put, capture: it } = capture();
    it.take(answered({}, { KmsKeyId: "key" }));
    await it.flush();
    assert.deepEqual([put[0]?.ServerSideEncryption, put[0]?.SSEKMSKeyId], ["aws:kms", "key"]);
    const denied = capture({ fails: true });
    denied.capture.take(answered());
    await denied.capture.flush();
    assert.deepEqual(denied.told, [
      "serve: 1 captured request(s) are lost: s3://seen/all/serve/all/2026/11/26/12: Access Denied",
    ]);
  });

  it("goes on after a place that is none", async () => {
    const { put, told, capture: it } = capture();
    it.take(answered({}, { DestinationS3Uri: "https://example.com/seen" }));
    await it.flush();
    it.take(answered());
    await it.flush();
    assert.equal(put.length, 1);
    assert.match(told.join("\n"), /^serve: 1 captured request\(s\) are lost: .*Not an S3 URI/);
  });
});
