import assert from "node:assert/strict";
import { checkConfig } from "../../../../../local/aws/hosting/api/configRules.ts";
import type { ConfigRequest } from "../../../../../local/aws/hosting/records/record.ts";

const capture = {
  InitialSamplingPercentage: 10,
  DestinationS3Uri: "s3://bucket/captured",
  CaptureOptions: [{ CaptureMode: "Input" as const }],
};
const serverless = { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 2 } };
const onInstances = { InstanceType: "ml.m5.large" as const, InitialInstanceCount: 1 };

const request = (variant: object, more: object = {}): ConfigRequest => ({
  EndpointConfigName: "c",
  ProductionVariants: [{ VariantName: "v", ModelName: "m", ...variant }],
  ...more,
});

describe("an endpoint configuration", () => {
  it("captures on instances, and not without servers", () => {
    checkConfig(request(onInstances, { DataCaptureConfig: capture }));
    checkConfig(request(serverless, { DataCaptureConfig: { ...capture, EnableCapture: false } }));
    assert.throws(
      () => checkConfig(request(serverless, { DataCaptureConfig: capture })),
      /Data capture is not supported for serverless endpoints/,
    );
  });

  it("captures into S3 and nowhere else", () => {
    const elsewhere = { ...capture, DestinationS3Uri: "https://example.com/seen" };
    assert.throws(
      () => checkConfig(request(onInstances, { DataCaptureConfig: elsewhere })),
      /DestinationS3Uri .*https:\/\/example\.com\/seen/,
    );
  });
});
