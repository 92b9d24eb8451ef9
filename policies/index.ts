import { startPack } from "./lib/startPack";
import { rules } from "./rules";

startPack("sagemaker-training-guardrails", { policies: rules });
