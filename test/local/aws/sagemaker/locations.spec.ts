import assert from "node:assert/strict";
import type { S3Client } from "@aws-sdk/client-s3";
import { checkLocations } from "../../../../local/aws/sagemaker/locations.ts";
import { validRequest } from "./support.ts";

const withData = validRequest({
  InputDataConfig: [
    {
      ChannelName: "train",
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://data/images/" } },
    },
  ],
});

/** An S3 that has everything, but for the calls that fail. */
function s3(failing: Record<string, Error> = {}) {
  const calls: unknown[] = [];
  const send = async ({
    constructor: { name },
    input,
  }: {
    constructor: { name: string };
    input: unknown;
  }) => {
    calls.push([name.replace("Command", ""), input]);
    if (failing[name]) throw failing[name];
    return { Contents: [{ Key: "images/a" }] };
  };
  return { calls, client: { send } as unknown as S3Client };
}

const refused = (name: string, status: number, message = name) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

describe("the locations of a job", () => {
  it("are looked at as who uses them: the data by the role, one key of it", async () => {
    const [service, role] = [s3(), s3()];
    await checkLocations({ service: service.client, role: role.client }, withData, "us-east-1");
    assert.deepEqual(role.calls, [["ListObjectsV2", { Bucket: "data", Prefix: "images/", MaxKeys: 1 }]]);
    assert.deepEqual(service.calls, [["HeadBucket", { Bucket: "bucket" }]]);
  });

  it("are looked at together, and the first in the request that is not there is named", async () => {
    const missing = s3();
    let answerFirst: () => void = () => undefined;
    const later = new Promise<void>((resolve) => {
      answerFirst = resolve;
    });
    const send = async ({ input }: { input: { Bucket: string } }) => {
      missing.calls.push(input.Bucket);
      if (input.Bucket === "data") await later;
      else answerFirst();
      throw refused("NoSuchBucket", 404, `no ${input.Bucket}`);
    };
    const client = { send } as unknown as S3Client;
    await assert.rejects(
      checkLocations({ service: client, role: client }, withData, "us-east-1"),
      /no data$/,
    );
    assert.deepEqual(missing.calls, ["data", "bucket"]);
  });

  const cases: [
    what: string,
    on: "service" | "role",
    call: string,
    error: Error,
    expected: RegExp | undefined,
  ][] = [
    [
      "data that the role may not list",
      "role",
      "ListObjectsV2Command",
      refused("AccessDenied", 403),
      /^User: arn:aws:sts::000000000000:assumed-role\/training\/SageMaker is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::data" because no identity-based policy allows/,
    ],
    [
      "data in another region",
      "role",
      "ListObjectsV2Command",
      refused("PermanentRedirect", 301, "The bucket is in this region: eu-west-1."),
      /^No S3 objects found .* Error message from S3: The bucket is in this region: eu-west-1\.$/,
    ],
    [
      "an output bucket that is not there",
      "service",
      "HeadBucketCommand",
      refused("NotFound", 404),
      /OutputDataConfig/,
    ],
    [
      "an output bucket that is somebody else's",
      "service",
      "HeadBucketCommand",
      refused("Forbidden", 403),
      undefined,
    ],
    ["an S3 that is out of order", "service", "HeadBucketCommand", refused("SlowDown", 503), /^SlowDown$/],
  ];
  for (const [what, on, call, error, expected] of cases) {
    it(`${what}: ${expected?.source ?? "taken"}`, async () => {
      const clients = { service: s3().client, role: s3().client, [on]: s3({ [call]: error }).client };
      const checked = checkLocations(clients, withData, "us-east-1");
      if (expected) await assert.rejects(checked, ({ message }: Error) => expected.test(message));
      else await checked;
    });
  }
});
