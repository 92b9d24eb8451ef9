import { strict as assert } from "node:assert";
import type { Policies } from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { rules } from "../../policies/rules";
import { dynamicType, tuningType } from "../../policies/training/adapter";
import { change, kindOf, unknown } from "./support/jobs";

type Rpc = (call: { request: unknown }, callback: (error: Error | null, answer: Answer) => void) => void;

interface Answer {
  getRemediationsList(): {
    getPolicyname(): string;
    getProperties(): { toJavaScript(): Record<string, unknown> } | undefined;
    getDiagnostic(): string;
  }[];
}

/** What the engine calls. The policy SDK does not declare it. */
const { makeRemediateRpcFun } = server as unknown as {
  makeRemediateRpcFun: (pack: string, version: string, level: string, policies: Policies) => Rpc;
};

const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const maxRun = "stoppingCondition.maxRuntimeInSeconds";

/** Has the policy SDK itself run every remedy of the pack, as the engine asks it to. */
async function remediations(type: string, props: object): Promise<Record<string, Record<string, unknown>>> {
  const mending = rules
    .filter((rule) => "remediateResource" in rule && rule.remediateResource !== undefined)
    .map((rule) => ({ ...rule, enforcementLevel: "remediate" as const }));
  const request = new messages.AnalyzeRequest();
  request.setType(type);
  request.setName("mednist");
  request.setUrn(`urn:pulumi:test::training::${type}::mednist`);
  request.setOptions(new messages.AnalyzerResourceOptions().setCustomtimeouts(customTimeouts()));
  request.setProperties(Struct.fromJavaScript(props as Parameters<typeof Struct.fromJavaScript>[0]));
  const { info } = console;
  console.info = () => {};
  try {
    const answer = await new Promise<Answer>((resolve, reject) =>
      makeRemediateRpcFun(
        "pack",
        "1.0.0",
        "advisory",
        mending,
      )({ request }, (error, result) => (error ? reject(error) : resolve(result))),
    );
    const list = answer.getRemediationsList();
    assert.deepEqual(list.map((each) => each.getDiagnostic()).filter(Boolean), []);
    return Object.fromEntries(
      list.map((each) => [each.getPolicyname(), each.getProperties()?.toJavaScript() ?? {}]),
    );
  } finally {
    console.info = info;
  }
}

function customTimeouts(): messages.AnalyzerResourceOptions.CustomTimeouts {
  return new messages.AnalyzerResourceOptions.CustomTimeouts();
}

describe("remedies, run by the policy SDK", () => {
  const { props } = kindOf(tuningType).job();
  const { trainingJobDefinition: definition, ...rest } = props;
  const tuning = (...changes: Record<string, unknown>[]) => ({
    ...rest,
    trainingJobDefinitions: changes.map((each) => change(definition, each)),
  });

  it("leave a tuning job with good definitions alone", async () => {
    assert.deepEqual(await remediations(tuningType, tuning({}, {})), {});
  });

  it("mend each definition of a tuning job, and leave the rest", async () => {
    const mended = await remediations(tuningType, tuning({}, { [maxRun]: 90_000 }));
    assert.deepEqual(mended, { "max-run-limit": tuning({}, { [maxRun]: 86_400 }) });
  });

  it("keep a secret secret, and what is not known yet unknown", async () => {
    const job = kindOf(dynamicType).job({
      [maxRun]: { ...secretMark, value: 90_000 },
      checkpointConfig: undefined,
      "outputDataConfig.s3OutputPath": unknown.text,
    }).props;
    const mended = await remediations(dynamicType, job);
    const capped = change(job, { [maxRun]: { ...secretMark, value: 86_400 } });
    assert.deepEqual(mended, {
      "max-run-limit": capped,
      "checkpoint-with-spot": change(capped, { "checkpointConfig.s3Uri": unknown.text }),
    });
  });
});
