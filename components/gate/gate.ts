import * as pulumi from "@pulumi/pulumi";
import type { Model } from "../model";
import { endRed } from "../verdict";
import { type Service, serviceOf } from "./inService";
import { type GateRule, judge, type Verdict } from "./judge";
import { ACCEPTED } from "./state";
import { storedGate } from "./storedProvider";

export interface GateArgs extends GateRule {
  /** The model to judge; undefined where no experiment has left one. */
  candidate: pulumi.Output<Model | undefined>;
}

/**
 * Hands on a model only if it is good enough, and else the last one that was. The deployment of a model that is not good enough ends red,
 * with both figures, when all else is done: the model is kept, and the next one is compared with the same.
 *
 * @example
 * const gate = new Gate("gate", { metric: "val_accuracy", goal: "maximize", limit: 0.9, candidate: modelOf(job) });
 * export const modelArtifact = gate.modelArtifact;
 */
export class Gate extends pulumi.CustomResource {
  /** For `validateResourceOfType` in policy packs, which matches nothing without it. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/training:Gate";

  /** Of the last model that passed, as a training job's; each undefined before the first. */
  declare public readonly modelArtifact: pulumi.Output<string>;
  declare public readonly image: pulumi.Output<string>;
  declare public readonly trainingJobName: pulumi.Output<string>;
  declare public readonly metrics: pulumi.Output<Record<string, number>>;
  /** How the candidate came out, and the job of the model that is handed on. */
  public readonly outcome: pulumi.Output<Verdict & { accepted?: string }>;

  constructor(name: string, args: GateArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { candidate, ...rule } = args;
    const service = served(rule, candidate);
    const verdict = pulumi
      .all([candidate, service])
      .apply(([model, { model: inService }]) => judge(model, rule, inService));
    const kept = Object.fromEntries(ACCEPTED.map((key) => [key, undefined]));
    super(Gate.__pulumiType, name, { candidate, verdict, ...kept, __provider: storedGate }, opts);
    this.outcome = pulumi
      .all([verdict, this.trainingJobName])
      .apply(([each, accepted]) => ({ ...each, ...(accepted === undefined ? {} : { accepted }) }));
    service.apply(({ none }) => none && this.say(rule, none));
    this.end(verdict);
  }

  private say({ limit }: GateRule, none: string): void {
    const asked = limit === undefined ? "any model passes" : "only its limit holds";
    void pulumi.log.warn(`training:gate.betterThan: nothing is in service, as ${none}: ${asked}.`, this);
  }

  /** After it is recorded. Where there is no candidate the experiments have ended red already. */
  private end(verdict: pulumi.Output<Verdict>): void {
    // At preview what is handed on is not known, and that it is not the candidate is.
    const accepted = pulumi.runtime.isDryRun() ? pulumi.output(undefined) : this.trainingJobName;
    endRed(
      pulumi.all([verdict, this.urn, accepted]).apply(([each, , name]) => {
        if (each.passed || each.trainingJobName === undefined) return undefined;
        return `${each.reason} ${pulumi.runtime.isDryRun() ? "" : whatStays(name, each)}\n${NEXT}`;
      }),
    );
  }
}

const NEXT =
  "The model is kept. Next: another experiment; or another training:gate, by which `pulumi up` judges this one again without training.";

function whatStays(accepted: string | undefined, { trainingJobName }: Verdict): string {
  if (accepted === undefined) return "None has passed yet: the stack has no modelArtifact.";
  if (accepted === trainingJobName) return "It is handed on still, as it passed before.";
  return `What is handed on is still ${accepted}.`;
}

/** What is in service when the model is there: training takes hours. At preview, now, so that a wrong name is refused before. */
function served({ betterThan }: GateRule, candidate: GateArgs["candidate"]): pulumi.Output<Service> {
  if (betterThan === undefined) return pulumi.output({});
  const read = () => serviceOf(betterThan);
  return pulumi.runtime.isDryRun() ? pulumi.output(read()) : candidate.apply(read);
}
