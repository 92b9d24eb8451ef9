import type { Policies } from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import * as protocol from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { rules } from "../../../policies/rules";

/** What a rule reported of a resource. */
export interface Finding {
  policy: string;
  message: string;
}

interface Call {
  request: unknown;
}
type Answer = (error: unknown, response: { getDiagnosticsList(): Diagnostic[] }) => void;
interface Diagnostic {
  getPolicyname(): string;
  getMessage(): string;
}

/** The function that answers the engine's Analyze, in the policy SDK. It does not declare it. */
const { makeAnalyzeRpcFun } = server as unknown as {
  makeAnalyzeRpcFun: (
    pack: string,
    version: string,
    level: string,
    policies: Policies,
  ) => (call: Call, answer: Answer) => Promise<void>;
};

const { AnalyzeRequest, AnalyzerResourceOptions } = protocol as unknown as Record<
  "AnalyzeRequest" | "AnalyzerResourceOptions",
  new () => Record<string, (value: unknown) => void>
>;

const answerAnalyze = makeAnalyzeRpcFun("test", "1.0.0", "advisory", rules);

/** Asks all rules about a resource as the engine does: by a message of its protocol, which the policy SDK reads. */
export async function analyze(type: string, props: object): Promise<Finding[]> {
  const request = new AnalyzeRequest();
  request.setType?.(type);
  request.setName?.("example");
  request.setUrn?.(`urn:pulumi:test::training::${type}::example`);
  request.setOptions?.(new AnalyzerResourceOptions());
  request.setProperties?.(Struct.fromJavaScript(JSON.parse(JSON.stringify(props))));
  const diagnostics = await new Promise<Diagnostic[]>((resolve, reject) => {
    answerAnalyze({ request }, (error, response) =>
      error ? reject(error) : resolve(response.getDiagnosticsList()),
    );
  });
  return diagnostics.map((each) => ({ policy: each.getPolicyname(), message: each.getMessage() }));
}
