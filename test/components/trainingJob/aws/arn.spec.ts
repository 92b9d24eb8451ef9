import assert from "node:assert/strict";
import { accountOf, regionOf } from "../../../../components/trainingJob/aws/arn";

describe("an ARN names an account and a region", () => {
  const cases: [text: string | undefined | null, account: string | undefined, region: string | undefined][] =
    [
      ["arn:aws:sagemaker:eu-west-1:111122223333:training-job/job", "111122223333", "eu-west-1"],
      [
        "arn:aws-us-gov:sagemaker:us-gov-west-1:111122223333:training-job/job",
        "111122223333",
        "us-gov-west-1",
      ],
      ["arn:aws:iam::111122223333:role/trainer", "111122223333", undefined],
      ["arn:aws:logs:us-east-1:000000000000:log-group:/aws:*", "000000000000", "us-east-1"],
      ["arn:aws:iam::aws:policy/ReadOnlyAccess", undefined, undefined],
      ["arn:aws:s3:::bucket", undefined, undefined],
      ["arn:aws:sagemaker:eu-west-1:111122223333", undefined, undefined],
      ["job", undefined, undefined],
      ["", undefined, undefined],
      [undefined, undefined, undefined],
      [null, undefined, undefined],
    ];
  for (const [text, account, region] of cases) {
    it(`${text} names ${account ?? "no account"} and ${region ?? "no region"}`, () => {
      assert.equal(accountOf(text), account);
      assert.equal(regionOf(text), region);
    });
  }
});
