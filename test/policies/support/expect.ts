import { strict as assert } from "node:assert";
import type { Verdict } from "./examine";

/** The policy saw everything and has no objection. */
export function assertPasses(verdict: Verdict): void {
  assert.deepEqual(verdict, { violations: [], unseen: undefined });
}

/** The policy does not concern this. */
export function assertNotApplicable(verdict: Verdict, reason: string): void {
  assert.deepEqual(
    { ...verdict, notApplicable: undefined },
    { violations: [], unseen: undefined, notApplicable: undefined },
  );
  assert.ok(verdict.notApplicable?.includes(reason), `${reason} is missing in: ${verdict.notApplicable}`);
}

/** The policy objects once, and says all of this. */
export function assertRefuses(verdict: Verdict, ...words: (string | RegExp)[]): void {
  assert.equal(verdict.violations.length, 1, `one violation expected, not ${JSON.stringify(verdict)}`);
  const [violation = ""] = verdict.violations;
  for (const word of words) {
    assert.ok(
      typeof word === "string" ? violation.includes(word) : word.test(violation),
      `${word} is missing in: ${violation}`,
    );
  }
}

/** The policy has no objection to what it saw, and says which property it could not see. */
export function assertUnseen(verdict: Verdict, ...paths: string[]): void {
  assert.deepEqual(verdict.violations, []);
  for (const path of paths) {
    assert.ok(verdict.unseen?.includes(path), `${path} is missing in: ${verdict.unseen}`);
  }
  assert.match(verdict.unseen ?? "", /not known yet; the rule looks again/);
}
