import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import { TrainingError } from "../../../../components/trainingJob/run/errors";
import { keepPartial } from "../../../../components/trainingJob/run/partial";
import { compare } from "../../../../components/trainingJob/state/compare";
import { factsOf } from "../../../../components/trainingJob/state/facts";
import type { TrainingJobState } from "../../../../components/trainingJob/state/state";
import { canonicalInputs } from "../../support/inputs";
import { completes, fails, runs } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const { Any } = require("google-protobuf/google/protobuf/any_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { ErrorResourceInitFailed } = require("@pulumi/pulumi/proto/provider_pb");
const { Status } = require("@pulumi/pulumi/proto/status_pb");

interface Kept extends Error {
  id: string;
  properties: TrainingJobState;
  reasons: string[];
}

const PROVIDER = { __provider: "x".repeat(2_500) };
const many = <T>(count: number, entry: (index: number) => [string, T]): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));

/** As much as SageMaker takes, and a source of many files. */
const LARGE = {
  hyperparameters: many(90, (index) => [`key${index}`, "v".repeat(2_400)]),
  environment: many(100, (index) => [`KEY_${index}`, "e".repeat(500)]),
  sourceFiles: many(500, (index) => [`package/module${index}/file.py`, "0123abcd"]),
  tags: many(44, (index) => [`key${index}`, "t".repeat(250)]),
};

async function keep(changes: Record<string, unknown>, message = "it failed", script = fails("no")) {
  const world = new TrainingWorld({ ...changes, ...PROVIDER });
  const job = world.aws.existing(world.name, script, world.claimedTags, 60);
  const facts = factsOf(world.inputs, "us-east-1", job.describe());
  const error = new TrainingError(message, facts);
  const kept = (await keepPartial(world.name, world.inputs, facts, error, world.aws)) as Kept;
  return { world, kept };
}

const SERVICE = {
  create: {
    path: "/pulumirpc.ResourceProvider/Create",
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

/** Sends an error as Pulumi's dynamic provider does, and returns what the engine reads out of it. */
async function overTheWire({ id, message, properties, reasons }: Kept) {
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(Struct.fromJavaScript(properties));
  detail.setReasonsList(reasons);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setMessage(message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));

  const server = new grpc.Server();
  server.addService(SERVICE, {
    create: (_call: unknown, done: grpc.sendUnaryData<Buffer>) =>
      done({ code: grpc.status.UNKNOWN, details: message, metadata }, null, metadata),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const Client = grpc.makeGenericClientConstructor(SERVICE, "ResourceProvider");
  const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_metadata_size": 16 * 1024 * 1024,
  });
  try {
    const error = await new Promise<grpc.ServiceError>((resolve) =>
      client.create(Buffer.alloc(1), (failure: grpc.ServiceError) => resolve(failure)),
    );
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    assert.ok(bytes, `nothing arrived: ${error.details}`);
    const [packed] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
    const arrived = ErrorResourceInitFailed.deserializeBinary(packed.getValue_asU8());
    return {
      properties: arrived.getProperties().toJavaScript() as TrainingJobState,
      reasons: arrived.getReasonsList() as string[],
    };
  } finally {
    client.close();
    server.forceShutdown();
  }
}

describe("the state of a failed job", () => {
  it("arrives whole when it is of an ordinary size", async () => {
    const { kept } = await keep({ hyperparameters: { epochs: 5 } });
    const { properties, reasons } = await overTheWire(kept);
    assert.deepEqual(properties, kept.properties);
    assert.deepEqual(reasons, ["it failed"]);
    assert.ok(!("omitted" in properties));
  });

  it("arrives with the largest inputs that SageMaker takes, and a long message", async () => {
    const { world, kept } = await keep(LARGE, `Training job ended.\n${"█".repeat(9_000)}\nNext: mend it.`);
    const { properties, reasons } = await overTheWire(kept);

    for (const name of ["__provider", "trainingJobName", "status", "attempts", "claim", "deletePolicy"]) {
      assert.deepEqual(
        (properties as unknown as Record<string, unknown>)[name],
        kept.properties[name as never],
      );
    }
    assert.equal(properties.trainingJobName, world.name);
    assert.match(reasons[0], /^Training job ended\..*Next: mend it\.$/s);
  });

  it("arrives after a hundred attempts, each with a reason", async () => {
    const { world, kept } = await keep({});
    const [attempt] = kept.properties.attempts;
    const attempts = Array.from({ length: 100 }, (_, index) => ({
      ...attempt,
      trainingJobName: `${world.name}-${index}`,
      reason: "r".repeat(1_024),
    }));
    const facts = { ...kept.properties, attempts };
    const again = await keepPartial(
      world.name,
      world.inputs,
      facts,
      new TrainingError("no", facts),
      world.aws,
    );
    const { properties } = await overTheWire(again as Kept);
    assert.equal(properties.attempts.length, 100, "destroy needs the name of each");
    assert.equal(properties.attempts.at(-1)?.reason, attempts.at(-1)?.reason);
  });

  it("holds half a character of no kind, which would never arrive", async () => {
    const { kept } = await keep({}, `cut: ${"😀".slice(0, 1)}`);
    const { reasons } = await overTheWire(kept);
    assert.deepEqual(reasons, ["cut: \ufffd"]);
  });
});

describe("a state without its large inputs", () => {
  const running = async (changes: Record<string, unknown> = {}) =>
    (await keep({ ...LARGE, ...changes }, "lost", runs())).kept.properties;

  it("is of the same training as the inputs it comes from", async () => {
    assert.deepEqual(compare(await running(), canonicalInputs({ ...LARGE, ...PROVIDER })), {
      changes: true,
      replaces: [],
    });
  });

  it("tells another training", async () => {
    const hyperparameters = { ...LARGE.hyperparameters, key0: "another" };
    const { replaces } = compare(await running(), canonicalInputs({ ...LARGE, hyperparameters }));
    assert.ok(replaces.includes("hyperparameters.key0"), replaces.join());
  });

  it("does not call every file of the source new", async () => {
    const news = canonicalInputs({ ...LARGE, sourceUri: "s3://bucket/code/2/sourcedir.tar.gz" });
    const { explanation } = compare(await running(), news);
    assert.ok(!explanation?.includes("(added)"), explanation);
  });

  it("shows nothing of a reason that may hold a secret which is no longer there", async () => {
    const secretInputs = [["hyperparameters", "token"]];
    const hyperparameters = { ...LARGE.hyperparameters, token: "correct-horse" };
    const world = new TrainingWorld({ ...LARGE, hyperparameters, secretInputs, ...PROVIDER });
    world.aws.existing(world.name, fails("AlgorithmError: --token correct-horse"), world.claimedTags, 9_999);
    const facts = (await world.stateOf()) as TrainingJobState;
    const kept = (await keepPartial(
      world.name,
      world.inputs,
      facts,
      new TrainingError("no", facts),
      world.aws,
    )) as Kept;

    const { props } = await world.provider().read(world.name, kept.properties);
    assert.ok(!JSON.stringify(props).includes("correct-horse"));
  });

  it("becomes whole again with the next deployment", async () => {
    const world = new TrainingWorld({ ...LARGE, ...PROVIDER });
    world.aws.existing(world.name, completes(), world.claimedTags, 1);
    const facts = (await world.stateOf()) as TrainingJobState;
    const kept = (await keepPartial(
      world.name,
      world.inputs,
      facts,
      new TrainingError("no", facts),
      world.aws,
    )) as Kept;
    const { outs } = await world.provider().update(world.name, kept.properties, world.inputs);
    assert.deepEqual(outs?.hyperparameters, world.inputs.hyperparameters);
    assert.ok(!("omitted" in (outs ?? {})));
  });
});
