import { OWNER_TAGS } from "../../../../../components/trainingJob/identity/owner";
import { GPU_GROUP, mapOf, SCRIPT, s3Channel, type ValidCase } from "./builders";

/** Scripts, hyperparameters, environment and tags as they may be. */
export const validScript: ValidCase[] = [
  ["a script", SCRIPT],
  ["a script in a sub-folder", { ...SCRIPT, entryPoint: "src/train.py" }],
  ["a shell script", { ...SCRIPT, entryPoint: "train.sh", distribution: "none" }],
  ["torchrun", { ...SCRIPT, distribution: "torchDistributed" }],
  [
    "the tutorial's pytorchddp on two machines",
    {
      ...SCRIPT,
      distribution: "pytorchddp",
      resourceConfig: { instanceType: "ml.g5.12xlarge", instanceCount: 2 },
    },
  ],
  [
    "torchrun on one group",
    { ...SCRIPT, distribution: "torchDistributed", resourceConfig: { instanceGroups: [GPU_GROUP] } },
  ],
  ["95 hyperparameters and script mode's five", { ...SCRIPT, hyperparameters: mapOf(95) }],
  ["100 hyperparameters", { hyperparameters: mapOf(100, 1) }],
  [
    "hyperparameters of every kind",
    {
      ...SCRIPT,
      hyperparameters: {
        lr: 1e-5,
        amp: true,
        name: "a\nb",
        none: null,
        grid: [1, { a: 2 }],
        "batch-size": 32,
      },
    },
  ],
  [
    "a hyperparameter of 2498 characters and quotes",
    { ...SCRIPT, hyperparameters: { text: "x".repeat(2498) } },
  ],
  ["a hyperparameter of 2500 characters", { hyperparameters: { text: "x".repeat(2500) } }],
  ["a log level", { ...SCRIPT, hyperparameters: { sagemaker_container_log_level: 10 } }],
  ["script mode by hand", { hyperparameters: { sagemaker_program: '"train.py"' } }],
  ["a channel named code with network", { ...SCRIPT, inputDataConfig: [s3Channel({ channelName: "code" })] }],
  ["a script without network", { ...SCRIPT, enableNetworkIsolation: true, inputDataConfig: [s3Channel()] }],
  ["100 variables", { environment: mapOf(100, "x".repeat(512)) }],
  ["a variable of several lines", { environment: { _TEXT: "a\nb" } }],
  ["as many tags as there is room for", { tags: mapOf(50 - OWNER_TAGS.length) }],
  ["a tag in another script", { tags: { équipe: "Ω 1_2.3:4/5=6+7-8@9" } }],
  ["no tags", { tags: {} }],
];
