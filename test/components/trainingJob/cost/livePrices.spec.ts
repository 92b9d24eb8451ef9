import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { UNKNOWN } from "../../../../components/trainingJob/args/unknown";
import type { Cost } from "../../../../components/trainingJob/cost/cost";
import { LivePriceReader } from "../../../../components/trainingJob/cost/livePrices";
import { definitionOf } from "../../../../components/trainingJob/identity/definition";
import { denied } from "../../support/awsErrors";
import { canonicalInputs, programInputs } from "../../support/inputs";
import { TrainingWorld } from "../../support/trainingWorld";

/** An entry of GetProducts' PriceList, cut to size: each is a text of its own. */
function product(service: string, attributes: Record<string, string>, usd: string): string {
  const sku = "JMCWJEAPVJNFJ5P4";
  const term = `${sku}.JRTCKXETXF`;
  const dimension = {
    [`${term}.6YS6EN2CT7`]: {
      unit: "Hrs",
      description: `$${usd} per hour`,
      pricePerUnit: { USD: usd },
      beginRange: "0",
      endRange: "Inf",
    },
  };
  return JSON.stringify({
    product: { productFamily: "ML Instance", attributes, sku },
    serviceCode: service,
    terms: { OnDemand: { [term]: { sku, offerTermCode: "JRTCKXETXF", priceDimensions: dimension } } },
    version: "20261120152530",
    publicationDate: "2026-11-20T15:25:30Z",
  });
}

const training = (usagetype: string, usd: string, regionCode = "eu-west-1", instanceName = "ml.g5.xlarge") =>
  product("AmazonSageMaker", { regionCode, instanceName, component: "Training", usagetype }, usd);

const ec2 = (usd: string, regionCode = "eu-west-1") =>
  product(
    "AmazonEC2",
    {
      regionCode,
      instanceType: "g5.xlarge",
      operatingSystem: "Linux",
      tenancy: "Shared",
      preInstalledSw: "NA",
      capacitystatus: "Used",
      usagetype: "EU-BoxUsage:g5.xlarge",
    },
    usd,
  );

/** What the API lists for one type in one region: the free tier, spot and another type beside the price itself. */
const LISTED = [
  training("EU-Train:ml.g5.xlarge", "0.0000000000"),
  training("EU-Train:ml.g5.xlarge", "1.5707000000"),
  training("EU-SpotTrain:ml.g5.xlarge", "9.0000000000"),
  training("EU-Train:ml.g5.xlarge2", "8.0000000000"),
  ec2("1.1230000000"),
];

/** A world in which prices are read live, in another region than the table's. */
function live(listed: string[], changes: Record<string, unknown> = {}) {
  const program = { region: "eu-west-1", livePrices: true, ...changes };
  const world = new TrainingWorld(program);
  world.aws.priceList.push(...listed);
  const check = async (olds = {}) => {
    const { inputs, failures } = await world.provider().check(olds, programInputs(program));
    assert.deepEqual(failures, []);
    return inputs as CanonicalInputs;
  };
  const create = async () => (await world.provider().create(await check())).outs?.cost as Cost;
  return { world, check, create };
}

describe("live prices", () => {
  it("are read for the job's type and region, and every figure rests on them", async () => {
    const { world, create } = live(LISTED);
    const cost = await create();
    assert.deepEqual(cost, {
      basis: "on-demand prices of eu-west-1, read on 2026-01-01",
      pricePerHour: 1.5707,
      worstCase: 1.5707,
      actual: 0.0218,
      onDemand: 0.0218,
      ec2Idle: 26.952,
      savedPercent: 0,
    });
    assert.match(world.engine.messages().join("\n"), /Costs at most \$1\.57: .*read on 2026-01-01/);
  });

  it("are read once per type in a process, and not again while the state has them", async () => {
    const { world, check } = live(LISTED);
    const inputs = await check();
    await check();
    assert.equal(world.aws.called("products").length, 2); // SageMaker's and EC2's
    const again = live([]);
    assert.deepEqual((await again.check(inputs)).prices, inputs.prices);
    assert.deepEqual(again.world.aws.calls, []);
  });

  it("are read for all machines that the job may choose, and not for those of a plan", async () => {
    const trainingPlanArns = ["arn:aws:sagemaker:eu-west-1:111122223333:training-plan/p-1"];
    const instancePreferences = [
      { instanceType: "ml.p5.48xlarge", trainingPlanArns },
      { instanceType: "ml.g5.xlarge" },
      { instanceType: "ml.c5.xlarge" },
    ];
    const { check } = live(
      [...LISTED, training("EU-Train:ml.c5.xlarge", "0.2300000000", "eu-west-1", "ml.c5.xlarge")],
      { resourceConfig: { instancePreferences } },
    );
    assert.deepEqual(Object.keys((await check()).prices?.perType ?? {}).sort(), [
      "ml.c5.xlarge",
      "ml.g5.xlarge",
    ]);
  });

  it("are read for all instance groups", async () => {
    const instanceGroups = [
      { instanceGroupName: "gpu", instanceType: "ml.g5.xlarge", instanceCount: 2 },
      { instanceGroupName: "cpu", instanceType: "ml.c5.xlarge", instanceCount: 1 },
    ];
    const { check } = live(
      [...LISTED, training("EU-Train:ml.c5.xlarge", "0.2300000000", "eu-west-1", "ml.c5.xlarge")],
      {
        resourceConfig: { instanceGroups },
      },
    );
    assert.deepEqual((await check()).prices?.perType, {
      "ml.g5.xlarge": { training: 1.5707, ec2: 1.123 },
      "ml.c5.xlarge": { training: 0.23 },
    });
  });

  it("that cannot be read leave the table's, say why, and fail nothing", async () => {
    const { world, create } = live([], { region: "us-east-1" });
    world.aws.fail("products", denied("pricing:GetProducts"), 2);
    const cost = await create();
    assert.equal(
      cost.basis,
      "on-demand prices of us-east-1, 2026-11; the live prices are missing: AccessDeniedException: not authorized to perform pricing:GetProducts",
    );
    assert.equal(cost.worstCase, 1.408);
  });

  it("that are not listed leave the cost unknown where the table has none either", async () => {
    const { world, create } = live([]);
    const cost = await create();
    assert.equal(
      cost.basis,
      "no price known for ml.g5.xlarge in eu-west-1; the live prices are missing: no price of ml.g5.xlarge is listed for eu-west-1",
    );
    assert.equal(cost.worstCase, undefined);
    assert.match(world.engine.messages().join("\n"), /Worst-case cost unknown: no price known/);
  });

  it("without EC2's leave out only what the same hardware costs there", async () => {
    const { world, create } = live(LISTED);
    world.aws.once("products", () => world.aws.fail("products", denied("pricing:GetProducts")));
    const cost = await create();
    assert.equal(cost.worstCase, 1.5707);
    assert.equal(cost.ec2Idle, undefined);
  });

  it("are not asked for unless they are wanted", async () => {
    const { world, check } = live(LISTED, { livePrices: undefined });
    assert.equal((await check({ prices: { readOn: "", perType: {} } })).prices, undefined);
    assert.deepEqual(world.aws.called("products"), []);
  });

  it("are not asked for before the machines are known", async () => {
    const reader = new LivePriceReader(new TrainingWorld().aws, "eu-west-1", new TrainingWorld().clock);
    const inputs = { ...canonicalInputs(), resourceConfig: { instanceGroups: UNKNOWN } };
    assert.deepEqual((await reader.pricesFor(inputs as unknown as CanonicalInputs)).perType, {});
  });

  it("do not define the training: turning them on updates the cost in place", async () => {
    const table = new TrainingWorld();
    const { outs } = await table.provider().create(table.inputs);
    const { world, check } = live([...LISTED, training("USE1-Train:ml.g5.xlarge", "1.5", "us-east-1")], {
      region: undefined,
    });
    world.aws.existing(table.name, { steps: [] });
    const news = await check(outs as object);
    assert.deepEqual(definitionOf(news), definitionOf(table.inputs));
    const olds = outs as never;
    const difference = await world.provider().diff(table.name, olds, news);
    assert.deepEqual([difference.changes, difference.replaces], [true, []]);
    const { outs: updated = {} } = await world.provider().update(table.name, olds, news);
    assert.equal(updated.cost.pricePerHour, 1.5);
    assert.deepEqual(world.aws.requests, []);
  });
});
