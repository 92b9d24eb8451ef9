import { usd } from "../lib/money";
import type { TrainingSpec } from "./spec";
import { worstCase } from "./worstCase";

const noPrices = { pricesUsdPerHour: {}, storageUsdPerGbMonth: {} };

/** ` and costs at most 33.79 USD`, after a remedy that changed what the resource has said of its cost; empty where that is not known. */
export function costSentence(spec: TrainingSpec): string {
  try {
    const worst = worstCase(spec, noPrices);
    return "usd" in worst ? ` and so costs at most ${usd(worst.usd)}` : "";
  } catch {
    // Something else about the job is not known yet, or cannot be read: rules on cost say which.
    return "";
  }
}
