import assert from "node:assert/strict";
import { withoutAwsEnvironment } from "../../support/awsEnvironment";
import { KEYS, REGION, session } from "../../support/configuredSession";
import { assertSays, failureOf } from "../../support/failure";
import { FakeSts } from "../../support/fakeSts";

describe("the account of a session", () => {
  withoutAwsEnvironment();

  const sts = new FakeSts();
  let config: Record<string, unknown>;
  before(async () => {
    config = { ...REGION, ...KEYS, "aws:endpoints": [{ sts: await sts.start() }] };
  });
  after(() => sts.stop());
  beforeEach(() => {
    sts.identified.length = 0;
  });

  it("is asked for once, with the session's credentials", async () => {
    const one = session(config);
    assert.deepEqual(await Promise.all([one.account(), one.account()]), ["111122223333", "111122223333"]);
    await one.account();
    assert.deepEqual(sts.identified, [{ signedBy: "AKIA", region: "eu-west-1" }]);
  });

  it("is asked for again after a failure", async () => {
    const one = session(config);
    sts.failures.push(403);
    await failureOf(one.account());
    assert.equal(await one.account(), "111122223333");
  });

  it("is not asked for where the stack forbids to", async () => {
    assert.equal(await session({ ...config, "aws:skipRequestingAccountId": "true" }).account(), undefined);
    assert.deepEqual(sts.identified, []);
  });

  it("is any, unasked, where the stack allows and forbids none", async () => {
    await session(config).verifyAccount();
    assert.deepEqual(sts.identified, []);
  });

  it("may be allowed or not forbidden", async () => {
    await session({ ...config, "aws:allowedAccountIds": ["999999999999", "111122223333"] }).verifyAccount();
    await session({ ...config, "aws:forbiddenAccountIds": ["999999999999"] }).verifyAccount();
    await session({ ...config, "aws:allowedAccountIds": "111122223333" }).verifyAccount();
    assert.equal(sts.identified.length, 3);
  });

  it("is refused when it is not allowed, or forbidden, with its number and what to do", async () => {
    const allowed = session({ ...config, "aws:allowedAccountIds": ["999999999999"] });
    assertSays(
      (await failureOf(allowed.verifyAccount())).message,
      "account 111122223333",
      "aws:allowedAccountIds allows 999999999999 only",
      "credentials of another account",
    );
    const forbidden = session({ ...config, "aws:forbiddenAccountIds": ["111122223333"] });
    assertSays((await failureOf(forbidden.verifyAccount())).message, "aws:forbiddenAccountIds names it");
  });

  for (const key of ["aws:allowedAccountIds", "aws:forbiddenAccountIds"]) {
    it(`cannot be checked and not be asked for: ${key}`, () => {
      const both = { ...config, [key]: ["111122223333"], "aws:skipRequestingAccountId": "true" };
      assert.throws(
        () => session(both),
        new RegExp(`${key} needs .*aws:skipRequestingAccountId.*remove one`),
      );
    });
  }
});
