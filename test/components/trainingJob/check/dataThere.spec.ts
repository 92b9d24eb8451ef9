import assert from "node:assert/strict";
import type { AwsApi } from "../../../../components/trainingJob/aws/api";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { missingData } from "../../../../components/trainingJob/check/dataThere";

const inputs = (uri: string, more: object = {}) =>
  checkInputs({
    inputDataConfig: [
      { channelName: "train", dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri: uri } }, ...more },
    ],
  }).inputs;

const api = (hasObjects: AwsApi["hasObjects"]) => () => ({ hasObjects }) as AwsApi;
const nothing = api(async () => false);

describe("missingData", () => {
  it("warns of a channel with nothing under it, by its property and place", async () => {
    const [warning] = await missingData(inputs("s3://not-there/train/"), nothing);
    assert.equal(warning.property, "inputDataConfig[0].dataSource.s3DataSource.s3Uri");
    assert.match(warning.reason, /nothing is under s3:\/\/not-there\/train\/: its bucket is not there/);
  });

  it("says nothing of data that is there, that was there before, or that S3 does not tell of", async () => {
    const there = inputs("s3://b/train/");
    assert.deepEqual(
      await missingData(
        there,
        api(async () => true),
      ),
      [],
    );
    assert.deepEqual(await missingData(there, nothing, there), []);
    assert.deepEqual(
      await missingData(
        there,
        api(async () => {
          throw new Error("AccessDenied");
        }),
      ),
      [],
    );
    const asked = api(async () => assert.fail("its fingerprint tells"));
    assert.deepEqual(await missingData(inputs("s3://b/train/", { fingerprint: true }), asked), []);
  });
});
