import assert from "node:assert/strict";
import { withDefaultKmsKey } from "../../../../local/aws/front/kms.ts";

const caller = { region: "us-east-1", account: "000000000000" };
const kms = ["X-Amz-Server-Side-Encryption", "aws:kms"];

describe("KMS encryption without a key", () => {
  it("gets the account's own S3 key", () => {
    assert.deepEqual(withDefaultKmsKey(["Host", "x", ...kms], caller), [
      ...["Host", "x", ...kms],
      ...["x-amz-server-side-encryption-aws-kms-key-id", "arn:aws:kms:us-east-1:000000000000:alias/aws/s3"],
    ]);
  });

  it("is the only case that is touched", () => {
    for (const headers of [
      ["Host", "x"],
      ["X-Amz-Server-Side-Encryption", "AES256"],
      [...kms, "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", "mine"],
    ]) {
      assert.equal(withDefaultKmsKey(headers, caller), headers);
    }
  });
});
