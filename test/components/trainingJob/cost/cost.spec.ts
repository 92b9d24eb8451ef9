import assert from "node:assert/strict";
import { type CostInputs, costInputs, costOf, formatUsd } from "../../../../components/trainingJob/cost/cost";
import { canonicalInputs } from "../../support/inputs";

const HOUR = 3600;

function inputs(more: Partial<CostInputs> = {}): CostInputs {
  return {
    region: "us-east-1",
    instances: [{ instanceType: "ml.g5.xlarge", instanceCount: 1 }],
    maxRuntimeInSeconds: HOUR,
    maxAttempts: 1,
    ...more,
  };
}

describe("costOf", () => {
  it("tells the worst case before anything ran, and nothing about what it did cost", () => {
    assert.deepEqual(costOf(inputs()), {
      basis: "on-demand prices of us-east-1, 2026-11",
      pricePerHour: 1.408,
      worstCase: 1.408,
      ec2Idle: 24.144,
    });
  });

  for (const [what, more, worstCase] of [
    ["the longest time", { maxRuntimeInSeconds: 2 * HOUR }, 2.816],
    ["every attempt", { maxAttempts: 2 }, 2.816],
    ["the warm pool", { keepAlivePeriodInSeconds: HOUR / 2 }, 2.112],
    ["all instances", { instances: [{ instanceType: "ml.g5.xlarge", instanceCount: 4 }] }, 5.632],
    [
      "all instance groups",
      {
        instances: [
          { instanceType: "ml.g5.xlarge", instanceCount: 1 },
          { instanceType: "ml.g5.12xlarge", instanceCount: 2 },
        ],
      },
      15.588,
    ],
    ["all of it", { maxAttempts: 2, keepAlivePeriodInSeconds: HOUR }, 4.224],
  ] as const) {
    it(`counts ${what} in the worst case`, () => {
      assert.equal(costOf(inputs(more as Partial<CostInputs>)).worstCase, worstCase);
    });
  }

  it("tells what it did cost, what it would have cost on demand, and what spot saved", () => {
    const { actual, onDemand, savedPercent } = costOf(inputs(), {
      trainingSeconds: 1000,
      billableSeconds: 300,
    });
    assert.equal(actual, 0.1173);
    assert.equal(onDemand, 0.3911);
    assert.equal(savedPercent, 70);
  });

  it("counts the seconds that a warm pool waited in what the training did cost, and in nothing else", () => {
    const run = { trainingSeconds: 1000, billableSeconds: 1000 };
    assert.deepEqual(costOf(inputs(), { ...run, warmPoolSeconds: 500 }), {
      ...costOf(inputs(), run),
      actual: 0.5867,
      warmPool: 0.1956,
      warmPoolSeconds: 500,
    });
  });

  it("saves nothing on demand", () => {
    assert.equal(costOf(inputs(), { trainingSeconds: 1000, billableSeconds: 1000 }).savedPercent, 0);
  });

  it("costs nothing, and saved all, when nothing was billed", () => {
    const { actual, savedPercent } = costOf(inputs(), { trainingSeconds: 100, billableSeconds: 0 });
    assert.equal(actual, 0);
    assert.equal(savedPercent, 100);
  });

  for (const [what, run] of [
    ["billable seconds", { trainingSeconds: 100 }],
    ["training seconds", { billableSeconds: 100 }],
    ["training time at all", { trainingSeconds: 0, billableSeconds: 0 }],
  ] as const) {
    it(`saves an unknown share without ${what}`, () => {
      assert.equal(costOf(inputs(), run).savedPercent, undefined);
    });
  }

  for (const [what, more, basis] of [
    [
      "type",
      { instances: [{ instanceType: "ml.p5.48xlarge", instanceCount: 1 }] },
      "no price known for ml.p5.48xlarge in us-east-1",
    ],
    ["region", { region: "eu-west-1" }, "no price known for ml.g5.xlarge in eu-west-1"],
    [
      "type in one of the groups",
      {
        instances: [
          { instanceType: "ml.g5.xlarge", instanceCount: 1 },
          { instanceType: "ml.c5.xlarge", instanceCount: 1 },
        ],
      },
      "no price known for ml.c5.xlarge in us-east-1",
    ],
    ["machine", { instances: [] }, "no price known for this job's instances"],
  ] as const) {
    it(`names no price of an unknown ${what}, but still the share that was saved`, () => {
      assert.deepEqual(
        costOf(inputs(more as unknown as Partial<CostInputs>), { trainingSeconds: 100, billableSeconds: 40 }),
        { basis, savedPercent: 60 },
      );
    });
  }
});

describe("costOf machines that the job chooses", () => {
  const alternatives = [
    { instanceType: "ml.g5.xlarge", instanceCount: 4 },
    { instanceType: "ml.g5.12xlarge", instanceCount: 1 },
  ];
  const choice = (more: Partial<CostInputs> = {}) => inputs({ instances: [], alternatives, ...more });

  it("counts the dearest in the worst case, and no price of one machine before it is chosen", () => {
    assert.deepEqual(costOf(choice()), { basis: "on-demand prices of us-east-1, 2026-11", worstCase: 7.09 });
  });

  it("takes what was chosen, for each job its own", () => {
    const cheap = { selected: alternatives[0], trainingSeconds: HOUR, billableSeconds: HOUR };
    const dear = { selected: alternatives[1], trainingSeconds: HOUR, billableSeconds: HOUR };
    assert.equal(costOf(choice(), cheap).actual, 5.632);
    const { actual, onDemand, pricePerHour, worstCase } = costOf(choice(), cheap, dear);
    assert.deepEqual([actual, onDemand], [12.722, 12.722]);
    assert.deepEqual([pricePerHour, worstCase], [7.09, 7.09]);
  });

  it("claims nothing that it cannot know", () => {
    const run = { trainingSeconds: 100, billableSeconds: 40 };
    assert.deepEqual(costOf(choice(), run), { ...costOf(choice()), savedPercent: 60 });
    const chosen = { ...run, selected: alternatives[1] };
    assert.equal(
      costOf(choice(), chosen, run).actual,
      undefined,
      "of the second nobody knows what it ran on",
    );
    assert.equal(costOf(choice(), { billableSeconds: 0 }, chosen).actual, 0.0788);
    const rare = [...alternatives, { instanceType: "ml.p5.48xlarge", instanceCount: 1 }];
    assert.deepEqual(costOf(choice({ alternatives: rare })), {
      basis: "no price known for ml.p5.48xlarge in us-east-1",
    });
    const known = costOf(choice({ alternatives: rare }), { ...run, selected: rare[0] });
    assert.deepEqual([known.actual, known.worstCase], [0.0626, undefined]);
  });
});

describe("costOf capacity that is paid for", () => {
  const run = { trainingSeconds: 100, billableSeconds: 100 };
  const basis = "the capacity is paid for by a training plan";

  it("claims no price of a training plan", () => {
    const planned = inputs({
      instances: [{ instanceType: "ml.g5.xlarge", instanceCount: 1, prepaid: true }],
    });
    assert.deepEqual(costOf(planned), { basis });
    assert.deepEqual(costOf(planned, run), { basis, savedPercent: 0 });
  });

  it("counts only the machines that may be rented on demand, and none that a plan gave", () => {
    const alternatives = [
      { instanceType: "ml.p5.48xlarge", instanceCount: 1, prepaid: true },
      { instanceType: "ml.g5.xlarge", instanceCount: 1 },
    ];
    const both = inputs({ instances: [], alternatives });
    assert.equal(costOf(both).worstCase, 1.408);
    assert.deepEqual(costOf(both, { ...run, selected: alternatives[0] }), {
      basis,
      worstCase: 1.408,
      savedPercent: 0,
    });
  });
});

describe("costInputs", () => {
  it("reads one kind of instance", () => {
    assert.deepEqual(costInputs(canonicalInputs(), "us-east-1"), {
      region: "us-east-1",
      instances: [{ instanceType: "ml.g5.xlarge", instanceCount: 1 }],
      maxRuntimeInSeconds: HOUR,
      keepAlivePeriodInSeconds: 0,
      maxAttempts: 1,
    });
  });

  it("reads instance groups", () => {
    const instanceGroups = [
      { instanceGroupName: "gpu", instanceType: "ml.g5.xlarge", instanceCount: 2 },
      { instanceGroupName: "cpu", instanceType: "ml.c5.xlarge", instanceCount: 1 },
    ];
    const { instances } = costInputs(canonicalInputs({ resourceConfig: { instanceGroups } }), "us-east-1");
    assert.deepEqual(instances, [
      { instanceType: "ml.g5.xlarge", instanceCount: 2 },
      { instanceType: "ml.c5.xlarge", instanceCount: 1 },
    ]);
  });

  it("reads preferences, with a count each or one for all, and plans", () => {
    const of = (resourceConfig: object) => costInputs(canonicalInputs({ resourceConfig }), "us-east-1");
    const [a, b] = [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.g6.xlarge" }];
    assert.deepEqual(of({ instanceCount: 2, instancePreferences: [a, b] }).alternatives, [
      { ...a, instanceCount: 2 },
      { ...b, instanceCount: 2 },
    ]);
    const plan = "arn:aws:sagemaker:us-east-1:111122223333:training-plan/p-1";
    const planned = { ...a, instanceCount: 1, trainingPlanArns: [plan] };
    assert.deepEqual(of({ instancePreferences: [planned, { ...b, instanceCount: 4 }] }).alternatives, [
      { ...a, instanceCount: 1, prepaid: true },
      { ...b, instanceCount: 4 },
    ]);
    assert.deepEqual(of({ ...a, trainingPlanArn: plan }).instances, [
      { ...a, instanceCount: 1, prepaid: true },
    ]);
  });

  it("counts the fallback as an attempt, and the warm pool", () => {
    const fallback = canonicalInputs({ spot: { maxWait: "2h", fallback: "on-demand" } });
    assert.equal(costInputs(fallback, "us-east-1").maxAttempts, 2);
    const kept = canonicalInputs({ warmPool: { keepAlive: "10m" } });
    assert.equal(costInputs(kept, "us-east-1").keepAlivePeriodInSeconds, 600);
  });

  it("takes SageMaker's day where no run time is given", () => {
    const { stoppingCondition: _none, ...inputs } = canonicalInputs();
    assert.equal(costInputs(inputs, "us-east-1").maxRuntimeInSeconds, 86_400);
  });
});

describe("formatUsd", () => {
  for (const [amount, text] of [
    [0, "$0.00"],
    [12.345, "$12.35"],
    [0.1, "$0.10"],
    [0.0417, "$0.042"],
    [0.00123, "$0.0012"],
  ] as const) {
    it(`writes ${amount} as ${text}`, () => assert.equal(formatUsd(amount), text));
  }
});
