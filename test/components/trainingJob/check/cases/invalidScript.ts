import { OWNER_TAGS } from "../../../../../components/trainingJob/identity/owner";
import { CPU_GROUP, GPU_GROUP, type InvalidCase, mapOf, SCRIPT, s3Channel, times } from "./builders";

/** Mistakes in the script, its hyperparameters, environment and tags. */
export const invalidScript: InvalidCase[] = [
  // Script mode and hyperparameters.
  ["a source without a script", { sourceUri: SCRIPT.sourceUri }, "entryPoint"],
  ["a script without a source", { entryPoint: "train.py" }, "sourceUri"],
  ["a source that is not packed", { ...SCRIPT, sourceUri: "s3://code/retina/" }, "sourceUri"],
  ["a source on a local disk", { ...SCRIPT, sourceUri: "./train" }, "sourceUri"],
  ["an absolute script", { ...SCRIPT, entryPoint: "/opt/train.py" }, "entryPoint"],
  ["a script outside the source", { ...SCRIPT, entryPoint: "../train.py" }, "entryPoint"],
  ["a distribution of nothing", { distribution: "torchDistributed" }, "distribution"],
  ["an unknown distribution", { ...SCRIPT, distribution: "mpi" }, "distribution"],
  [
    "torchrun of a shell script",
    { ...SCRIPT, entryPoint: "train.sh", distribution: "torchDistributed" },
    "entryPoint",
  ],
  [
    "torchrun on unequal machines",
    { ...SCRIPT, distribution: "pytorchddp", resourceConfig: { instanceGroups: [CPU_GROUP, GPU_GROUP] } },
    "distribution",
  ],
  ["101 hyperparameters", { hyperparameters: mapOf(101) }, "hyperparameters"],
  ["96 hyperparameters and script mode's five", { ...SCRIPT, hyperparameters: mapOf(96) }, "hyperparameters"],
  [
    "94 hyperparameters and torchrun's seven",
    { ...SCRIPT, distribution: "torchDistributed", hyperparameters: mapOf(94) },
    "hyperparameters",
  ],
  [
    "a hyperparameter's name of 257 characters",
    { hyperparameters: { ["k".repeat(257)]: 1 } },
    `hyperparameters.${"k".repeat(257)}`,
  ],
  [
    "a hyperparameter of 2501 characters",
    { hyperparameters: { text: "x".repeat(2501) } },
    "hyperparameters.text",
  ],
  [
    "a hyperparameter of 2499 characters and quotes",
    { ...SCRIPT, hyperparameters: { text: "x".repeat(2499) } },
    "hyperparameters.text",
  ],
  ["a hyperparameter with a line break", { hyperparameters: { text: "a\nb" } }, "hyperparameters.text"],
  ["a hyperparameter that is not a number", { hyperparameters: { lr: Number.NaN } }, "hyperparameters.lr"],
  [
    "a hyperparameter that is endless inside",
    { ...SCRIPT, hyperparameters: { grid: [1, Number.POSITIVE_INFINITY] } },
    "hyperparameters.grid",
  ],
  [
    "script mode's own hyperparameter",
    { ...SCRIPT, hyperparameters: { sagemaker_program: "other.py" } },
    "hyperparameters.sagemaker_program",
  ],
  [
    "torchrun's own hyperparameter",
    {
      ...SCRIPT,
      distribution: "torchDistributed",
      hyperparameters: { sagemaker_instance_type: "ml.g5.xlarge" },
    },
    "hyperparameters.sagemaker_instance_type",
  ],
  ["hyperparameters as a list", { hyperparameters: ["lr=1"] }, "hyperparameters"],
  [
    "the source's channel without network",
    { ...SCRIPT, enableNetworkIsolation: true, inputDataConfig: [s3Channel({ channelName: "code" })] },
    "inputDataConfig[0].channelName",
  ],
  [
    "20 channels and the source's without network",
    {
      ...SCRIPT,
      enableNetworkIsolation: true,
      inputDataConfig: times(20, (index) => s3Channel({ channelName: `c${index}` })),
    },
    "inputDataConfig",
  ],

  // Environment and tags.
  ["101 variables", { environment: mapOf(101) }, "environment"],
  ["a variable that begins with a digit", { environment: { "1ST": "x" } }, 'environment["1ST"]'],
  ["a variable with a hyphen", { environment: { "LOG-LEVEL": "x" } }, 'environment["LOG-LEVEL"]'],
  ["a variable that is a number", { environment: { WORKERS: 4 } }, "environment.WORKERS"],
  ["a variable of 513 characters", { environment: { LONG: "x".repeat(513) } }, "environment.LONG"],
  ["a tag too many, with the owner's", { tags: mapOf(51 - OWNER_TAGS.length) }, "tags"],
  ["a tag of AWS", { tags: { "aws:team": "x" } }, 'tags["aws:team"]'],
  ["a tag of AWS in capitals", { tags: { "AWS:team": "x" } }, 'tags["AWS:team"]'],
  ["a tag of the owner", { tags: { "pulumi:urn": "x" } }, 'tags["pulumi:urn"]'],
  ["a tag of 257 characters", { tags: { team: "x".repeat(257) } }, "tags.team"],
  ["a tag with a character too many", { tags: { team: "a&b" } }, "tags.team"],
  ["a tag's name of 129 characters", { tags: { ["k".repeat(129)]: "x" } }, `tags.${"k".repeat(129)}`],
  ["tags as the API has them", { tags: [{ key: "team", value: "x" }] }, "tags"],
];
