import assert from "node:assert/strict";
import { type ApiCall, FaultInjector } from "../../../../local/aws/faults/faults.ts";

const create: ApiCall = { service: "sagemaker", operation: "CreateTrainingJob" };
const list: ApiCall = { service: "sagemaker", operation: "ListTrainingJobs" };

function injector(faults: object): FaultInjector {
  const result = new FaultInjector();
  result.set(faults);
  return result;
}

describe("injected faults", () => {
  it("are none to begin with", () => {
    const faults = new FaultInjector();
    assert.equal(faults.forCall(create), undefined);
    assert.equal(faults.forJob("any"), undefined);
    assert.equal(faults.takeCapacityError("any", "spot"), false);
  });

  it("hit the share of calls that was said, the same ones for the same seed", () => {
    const run = () => {
      const faults = injector({ seed: 7, api: [{ probability: 0.3 }] });
      return Array.from({ length: 2000 }, () => faults.forCall(list) !== undefined);
    };
    const hits = run();
    const share = hits.filter(Boolean).length / hits.length;
    assert.ok(share > 0.25 && share < 0.35, `${share}`);
    assert.deepEqual(run(), hits);
  });

  it("hit only the operations and services that were named", () => {
    const faults = injector({ api: [{ probability: 1, operations: ["CreateTrainingJob"] }] });
    assert.equal(faults.forCall(create), "ThrottlingException");
    assert.equal(faults.forCall(list), undefined);
    assert.equal(faults.forCall({ service: "s3" }), undefined);
    assert.equal(
      injector({ api: [{ probability: 1, services: ["s3"] }] }).forCall({ service: "s3" }),
      "ThrottlingException",
    );
  });

  it("are used up", () => {
    const faults = injector({ api: [{ probability: 1, times: 2 }] });
    assert.deepEqual(
      [1, 2, 3].map(() => faults.forCall(list)),
      ["ThrottlingException", "ThrottlingException", undefined],
    );
  });

  it("use each of the errors", () => {
    const faults = injector({
      seed: 1,
      api: [{ probability: 1, errors: ["reset", "lost", "ServiceUnavailable"] }],
    });
    const seen = new Set(Array.from({ length: 50 }, () => faults.forCall(list)));
    assert.deepEqual([...seen].sort(), ["ServiceUnavailable", "lost", "reset"]);
  });

  it("refuse a new role for so long, with each message in turn", () => {
    assert.equal(injector({}).forRole(0), undefined);
    const messages = ["could not assume role", "access denied for repository"];
    const faults = injector({ newRoles: { seconds: 2, messages } });
    assert.deepEqual(
      [0, 1000, 1999, 2000].map((age) => faults.forRole(age)),
      [...messages, messages[0], undefined],
    );
  });

  it("find jobs by a pattern with stars and nothing else special", () => {
    const faults = injector({ jobs: [{ name: "a.b-*", internalErrors: 1 }, { internalErrors: 2 }] });
    assert.equal(faults.forJob("a.b-1")?.internalErrors, 1);
    assert.equal(faults.forJob("axb-1")?.internalErrors, 2);
  });

  it("take capacity from as many jobs as said, of one way of buying", () => {
    const faults = injector({ jobs: [{ capacityErrors: 1, capacityErrorsFor: "spot" }] });
    assert.equal(faults.takeCapacityError("job", "on-demand"), false);
    assert.equal(faults.takeCapacityError("job", "spot"), true);
    assert.equal(faults.takeCapacityError("job", "spot"), false);
    assert.equal(injector({ jobs: [{ capacityErrors: true }] }).takeCapacityError("job", "on-demand"), true);
  });

  for (const wrong of [
    { api: [{ probability: 2 }] },
    { api: [{ probability: 1, errors: ["Nonsense"] }] },
    { jobs: [{ spotInterruption: 1 }] },
    { nothing: 1 },
  ]) {
    it(`refuse ${JSON.stringify(wrong)} and leave what is in force`, () => {
      const faults = injector({ api: [{ probability: 1 }] });
      assert.throws(() => faults.set(wrong));
      assert.equal(faults.forCall(list), "ThrottlingException");
    });
  }
});
