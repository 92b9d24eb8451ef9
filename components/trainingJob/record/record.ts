import { version as pulumiVersion } from "@pulumi/pulumi/version";
import type { CanonicalInputs } from "../args/args";
import { isRecord } from "../args/unknown";
import { digestOf } from "../identity/definition";
import type { TrainingJobFacts } from "../state/facts";
import type { Trimmed } from "../state/fit";
import { OUTPUTS } from "../state/outputs";
import { type Redactor, redactor } from "../state/redact";
import { RECORD_VERSION } from "./place";
import type { RunRecord } from "./schema";
import type { MetricCurve } from "./series";

const BLANK = "[secret]";

/** Of a state, what is no input; and inputs that are no part of the request, or that the record has under a name of its own. */
const ELSEWHERE: string[] = [
  ...OUTPUTS,
  ...["__provider", "omitted", "definition"],
  ...["logUrn", "project", "stack", "mark", "account", "secretInputs"],
  ...["sourceFiles", "sourceVersion", "dataFingerprints", "prices", "region"],
  // May hold keys.
  "awsConfig",
];

/** The record of a run that has ended, from its inputs or its state, from what AWS says of it, and from its log. Nothing in it is secret. */
export function recordOf(
  inputs: CanonicalInputs & Trimmed,
  region: string,
  facts: TrainingJobFacts,
  curves: Record<string, MetricCurve>,
): RunRecord {
  const redact = redactor(inputs);
  const { timeline } = facts;
  return {
    version: RECORD_VERSION,
    trainingJobName: facts.trainingJobName,
    trainingJobArn: facts.trainingJobArn,
    experiment: inputs.baseJobName ?? null,
    project: inputs.project ?? null,
    stack: inputs.stack ?? null,
    urn: inputs.logUrn ?? null,
    region,
    status: facts.status,
    secondaryStatus: facts.secondaryStatus,
    failureReason: facts.failureReason,
    startTime: timeline[0]?.startTime || null,
    endTime: timeline.at(-1)?.endTime ?? timeline.at(-1)?.startTime ?? null,
    definition: inputs.definition ?? digestOf(inputs),
    inputs: withoutSecrets(inputs, redact),
    source: sourceOf(inputs),
    image: facts.image,
    dataFingerprints: inputs.dataFingerprints ?? {},
    modelArtifact: facts.modelArtifact,
    metrics: Object.fromEntries(Object.entries(facts.metrics).filter(([, value]) => Number.isFinite(value))),
    curves,
    trainingSeconds: facts.trainingSeconds,
    billableSeconds: facts.billableSeconds,
    cost: { ...facts.cost },
    timeline: timeline.map((each) => ({ ...each })),
    attempts: facts.attempts.map((each) => ({ ...each })),
    logUrl: facts.logUrl,
    consoleUrl: facts.consoleUrl,
    versions: versions(),
  };
}

function sourceOf({ sourceUri, sourceFiles, sourceVersion }: CanonicalInputs): RunRecord["source"] {
  if (sourceUri === undefined) return null;
  const { digest = null, commit, clean = false } = sourceVersion ?? {};
  return { uri: sourceUri, digest, files: sourceFiles ?? {}, git: commit ? { commit, clean } : null };
}

/** Blanks out what a secret path names, whatever it is, and every text that repeats a secret. */
function withoutSecrets(inputs: CanonicalInputs, redact: Redactor): Record<string, unknown> {
  const paths = (inputs.secretInputs ?? []).map((path) => path.join("\0"));
  const shown = (value: unknown, path: string[]): unknown => {
    if (paths.includes(path.join("\0"))) return BLANK;
    if (typeof value === "string") return redact(value);
    if (Array.isArray(value)) return value.map((entry, index) => shown(entry, [...path, String(index)]));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [redact(key), shown(entry, [...path, key])]),
    );
  };
  const told = Object.entries(inputs).filter(([key]) => !ELSEWHERE.includes(key));
  return shown(Object.fromEntries(told), []) as Record<string, unknown>;
}

function versions(): Record<string, string> {
  return { node: process.versions.node, pulumi: pulumiVersion, ...programVersion() };
}

/** That of the program which the provider is a part of: its package. */
function programVersion(): { program?: string } {
  try {
    const { version } = require(`${process.cwd()}/package.json`);
    return typeof version === "string" ? { program: version } : {};
  } catch {
    return {};
  }
}
