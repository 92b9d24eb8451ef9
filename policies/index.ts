import { readFileSync } from "node:fs";
import { startPack } from "./lib/startPack";
import { rules } from "./rules";

// Pulumi starts a pack in the pack's own folder.
startPack("sagemaker-training-guardrails", {
  displayName: "SageMaker training guardrails",
  description: "What SageMaker training may cost, and what it must not leak.",
  readme: readFileSync("README.md", "utf8"),
  provider: "AWS",
  tags: ["aws", "sagemaker", "machine-learning", "cost", "security"],
  policies: rules,
});
