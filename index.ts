import { loadConfig } from "./components/config";
import { Experiment } from "./components/experiment";
import { Gate } from "./components/gate/gate";
import { gateRuleOf } from "./components/gate/rule";
import { modelOf } from "./components/model";
import { Sweep } from "./components/sweep";

const config = loadConfig();

// One stack is one experiment: code, data, hyperparameters and hardware in, a model artifact out.
// Or it is several that are compared: what it hands on then is the best one's.
const sweep = config.variants.length > 0 ? new Sweep(config.experiment, config) : undefined;
const { job, role, store, dashboard } = sweep ?? new Experiment(config.experiment, config);

// What is handed on is its model; with a gate only if it is good enough, and else the last one that was.
const rule = gateRuleOf(config);
const gated = rule && new Gate("gate", { ...rule, candidate: modelOf(job) });
const handedOn = gated ?? job;

// What the deploy stack reads through a StackReference.
export const modelArtifact = handedOn.modelArtifact;
export const image = handedOn.image;
export const model = modelOf(handedOn);
export const executionRoleArn = role.arn;

// The facts of the run.
export const trainingJobName = job.trainingJobName;
export const trainingJobArn = job.trainingJobArn;
export const metrics = job.metrics;
export const trainingSeconds = job.trainingSeconds;
export const billableSeconds = job.billableSeconds;
export const cost = job.cost;
export const attempts = job.attempts;
export const bucket = store.bucket;
export const logUrl = job.logUrl;
export const consoleUrl = job.consoleUrl;

// How several experiments came out, the gate, and the dashboard. Pulumi would warn of each output that is undefined.
if (sweep) {
  const { experiments, best, leaderboard, readme } = sweep; // Pulumi Cloud shows `readme` as the page of the stack
  Object.assign(module.exports, { experiments, best, leaderboard, readme });
}
const [halving, gate, dashboardUrl] = [sweep?.halving, gated?.outcome, dashboard?.url];
if (halving) Object.assign(module.exports, { halving });
if (gate) Object.assign(module.exports, { gate });
if (dashboardUrl) Object.assign(module.exports, { dashboardUrl });
