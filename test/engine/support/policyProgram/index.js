// The program of the policy tests: makes the resources that program.json lists. In JavaScript, as its imports are
// there only in the folder that it is copied to.
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");
const { TrainingJob } = require("./components/trainingJob/trainingJob");
const program = require("./program.json");

/** Has the type of the TrainingJob and no AWS behind it: it is there at once, with the outputs that it is given. */
class StandIn extends pulumi.dynamic.Resource {
  constructor(name, args) {
    const outputs = { status: undefined, modelArtifact: undefined, checkpointConfig: undefined };
    const create = async (inputs) => ({ id: name, outs: { ...inputs, ...inputs.becomes } });
    super({ create }, name, { ...outputs, ...args }, {}, "sagemaker", "TrainingJob");
  }
}

/** A resource of no interest, with an id that is not known before it exists. */
class Other extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super({ create: async (inputs) => ({ id: inputs.becomes, outs: inputs }) }, name, args);
  }
}

const classes = {
  TrainingJob,
  StandIn,
  Other,
  "aws.sagemaker.TrainingJob": aws.sagemaker.TrainingJob,
  "aws.sagemaker.EndpointConfiguration": aws.sagemaker.EndpointConfiguration,
};

const made = {};
for (const { kind, name, args } of program.resources) {
  made[name] = new classes[kind](name, resolve(args));
}

/** Puts outputs of the resources made so far where `<name.output>` stands for them. */
function resolve(value) {
  if (typeof value === "string") {
    const [, name, output] = /^<(\w+)\.(\w+)>$/.exec(value) ?? [];
    return name === undefined ? value : made[name][output];
  }
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
}

module.exports = resolve(program.outputs);
