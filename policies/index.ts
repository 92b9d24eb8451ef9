import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("sagemaker-training-guardrails", { policies: rules });
