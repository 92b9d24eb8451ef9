import assert from "node:assert/strict";
import { servedTypes } from "../../../../local/provider/registry.ts";
import { isTagged } from "../../../../local/provider/resource.ts";
import type { Values } from "../../../../local/provider/values.ts";
import { LocalProvider } from "../support/localProvider.ts";

const trust = { Version: "2012-10-17", Statement: [] };
const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";
const object = { bucket: "tagged", key: "k", content: "x" };

/** A program of each tagged type that the local AWS serves. The bucket is there for the object after it. */
const programs: Record<string, Values> = {
  "aws:s3/bucket:Bucket": { bucket: "tagged", forceDestroy: true },
  [objectType]: object,
  "aws:iam/role:Role": { assumeRolePolicy: trust },
  "aws:ecr/repository:Repository": {},
  "aws:cloudwatch/logGroup:LogGroup": {},
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    namespace: "Tagged",
    metricName: "Errors",
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanThreshold",
  },
  "aws:cloudwatch/eventRule:EventRule": { eventPattern: JSON.stringify({ source: ["aws.sagemaker"] }) },
  "aws:sns/topic:Topic": {},
};

function tags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, "x"]));
}

describe("default tags against the local AWS", function () {
  this.timeout(60_000);
  let local: LocalProvider;
  before(async () => {
    local = await LocalProvider.start();
  });
  after(() => local.stop());

  const withDefaults = (defaults: Values) => local.configure({ defaultTags: { tags: defaults } });

  it("has a program of every tagged type", () => {
    const tagged = servedTypes().filter((type) => isTagged(type) && !/^aws:sagemaker/.test(type.token));
    assert.deepEqual(tagged.map((type) => type.token).sort(), Object.keys(programs).sort());
  });

  for (const [token, program] of Object.entries(programs)) {
    it(`reach AWS with ${token}, are in tagsAll, and change in place`, async () => {
      withDefaults({ team: "a", owner: "o" });
      const news = { ...program, tags: { own: "1" } };
      const made = await local.create(token, "tagged", news);
      const first = { team: "a", owner: "o", own: "1" };
      assert.deepEqual([made.outputs.tags, made.outputs.tagsAll], [{ own: "1" }, first]);
      const read = await local.provider.read(token, "x", made.id, made.inputs, made.outputs);
      assert.deepEqual(read, made);

      withDefaults({ team: "b" });
      const inputs = local.check(token, "tagged", news, made.inputs);
      const { changes, replaces } = local.provider.diff(token, made.inputs, inputs);
      assert.deepEqual([[...changes.keys()], replaces], [["tagsAll"], false]);
      const outputs = await local.provider.update(token, "x", made.id, made.inputs, inputs);
      assert.deepEqual([outputs.tags, outputs.tagsAll], [{ own: "1" }, { team: "b", own: "1" }]);

      // Without defaults, what AWS has is the resource's own.
      withDefaults({});
      const alone = await local.provider.read(token, "x", made.id, {}, {});
      assert.deepEqual(alone?.outputs.tags, { team: "b", own: "1" });
    });
  }

  it("are too many for an object from the eleventh on, as S3 says, unless the object turns them off", async () => {
    withDefaults(tags(11));
    await assert.rejects(
      local.create(objectType, "many", { ...object, key: "many" }),
      /PutObject failed: BadRequest: Object tags cannot be greater than 10\./,
    );
    const overrideProvider = { defaultTags: { tags: {} } };
    const made = await local.create(objectType, "many", { ...object, key: "many", overrideProvider });
    assert.deepEqual([made.outputs.tags, made.outputs.tagsAll], [null, {}]);

    // A tag too many is refused on an object that is there already, too.
    const inputs = local.check(objectType, "many", {
      ...object,
      key: "many",
      tags: tags(11),
      overrideProvider,
    });
    await assert.rejects(
      local.provider.update(objectType, "many", made.id, made.inputs, inputs),
      /PutObjectTagging failed: BadRequest: Object tags cannot be greater than 10\./,
    );
  });
});
