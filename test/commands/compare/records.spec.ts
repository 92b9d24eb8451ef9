import assert from "node:assert/strict";
import { type GetObjectCommand, type ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { readRecords } from "../../../commands/compare/records";
import { awsError } from "../../components/support/awsErrors";
import { failureOf } from "../../components/support/failure";
import { recordOf } from "./runs";

/** S3 with these objects, two folders to a page. */
function s3With(objects: Record<string, string | Error>): S3Client {
  const client = new S3Client({ region: "us-east-1" });
  client.send = (async ({ input }: GetObjectCommand | ListObjectsV2Command) => {
    if ("Key" in input) {
      const found = objects[input.Key ?? ""];
      if (found === undefined) throw awsError("NoSuchKey");
      if (found instanceof Error) throw found;
      return { Body: { transformToString: async () => found } };
    }
    const { Prefix = "", ContinuationToken } = input as ListObjectsV2Command["input"];
    const below = Object.keys(objects).filter(
      (key) => key.startsWith(Prefix) && key.slice(Prefix.length).includes("/"),
    );
    const folders = [
      ...new Set(below.map((key) => `${Prefix}${key.slice(Prefix.length).split("/")[0]}/`)),
    ].sort();
    const from = Number(ContinuationToken ?? 0);
    return {
      CommonPrefixes: folders.slice(from, from + 2).map((each) => ({ Prefix: each })),
      ...(from + 2 < folders.length ? { IsTruncated: true, NextContinuationToken: String(from + 2) } : {}),
    };
  }) as unknown as S3Client["send"];
  return client;
}

const PLACE = { bucket: "ours", prefix: "artifacts/" };

describe("readRecords", () => {
  it("reads the record in every job's folder, over all pages", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const objects = Object.fromEntries(
      names.map((name) => [`artifacts/${name}/run.json`, JSON.stringify(recordOf(name))]),
    );
    const { records, left } = await readRecords(s3With({ ...objects, "code/x/sourcedir.tar.gz": "" }), PLACE);
    assert.deepEqual(
      records.map(({ uri }) => uri).sort(),
      names.map((name) => `s3://ours/artifacts/${name}/run.json`),
    );
    assert.deepEqual(left, []);
  });

  it("names every folder that it can say nothing of", async () => {
    const { records, left } = await readRecords(
      s3With({
        "artifacts/good/run.json": JSON.stringify(recordOf("good")),
        "artifacts/none/output/model.tar.gz": "",
        "artifacts/text/run.json": "no JSON",
        "artifacts/newer/run.json": JSON.stringify({ ...recordOf("newer"), version: 2 }),
        "artifacts/other/run.json": JSON.stringify({ version: 1 }),
      }),
      PLACE,
    );
    assert.deepEqual(
      records.map(({ record }) => record.trainingJobName),
      ["good"],
    );
    const [newer, none, other, text, ...more] = left;
    assert.deepEqual(more, []);
    assert.match(newer, /^s3:\/\/ours\/artifacts\/newer\/run\.json: is no record of version 1: version: /);
    assert.match(none, /none\/run\.json: there is none: the job runs/);
    assert.match(other, /other\/run\.json: is no record of version 1: /);
    assert.match(text, /text\/run\.json: is not JSON/);
  });

  it("takes a record with fields that a later version adds", async () => {
    const later = { ...recordOf("later"), gpuHours: 3 };
    const { records } = await readRecords(
      s3With({ "artifacts/later/run.json": JSON.stringify(later) }),
      PLACE,
    );
    assert.equal(records.length, 1);
  });

  it("names a record that S3 refuses, as one with a key of its own, and tells of the others", async () => {
    const { records, left } = await readRecords(
      s3With({
        "artifacts/a/run.json": awsError("AccessDenied", "not the key", 403),
        "artifacts/b/run.json": JSON.stringify(recordOf("b")),
      }),
      PLACE,
    );
    assert.equal(records.length, 1);
    assert.deepEqual(left, ["s3://ours/artifacts/a/run.json: AccessDenied: not the key"]);
  });

  it("fails where S3 refuses all", async () => {
    const s3 = s3With({ "artifacts/a/run.json": awsError("AccessDenied", "Access Denied", 403) });
    assert.equal((await failureOf(readRecords(s3, PLACE))).name, "AccessDenied");
  });
});
