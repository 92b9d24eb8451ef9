import CliTable from "cli-table3";
import type { Answer } from "../components/rollout/api";
import { readPrediction } from "../components/rollout/smoke";
import { printable } from "../components/trainingJob/state/printable";

/** A file that a deployed model was asked about. */
export interface Asked {
  file: string;
  class?: string;
  /** From 0 to 1. */
  probability?: number;
  error?: string;
}

/** What an endpoint's answer says, or what is wrong with it. */
export function readAnswer({ status, body }: Answer): Omit<Asked, "file"> {
  if (status !== 200)
    return {
      error: `${status === undefined ? "no answer" : `HTTP ${status}`}: ${printable(reasonIn(body))}`,
    };
  const found = readPrediction(body);
  if ("wrong" in found) return { error: `the answer is no class: ${found.wrong}` };
  return { class: printable(found.label), probability: found.probability };
}

/** What a model server says first where it has words of its own; of a traceback the last line. */
function reasonIn(body: string): string {
  const lines = body.trim().split("\n");
  return (lines[0].startsWith("Traceback ") ? lines.at(-1) : lines[0]) ?? "";
}

/** One row for each file. */
export function tableOf(asked: Asked[]): string {
  const table = new CliTable({
    head: ["file", "class", "probability"],
    colAligns: ["left", "left", "right"],
    style: { head: [], border: [], compact: true },
  });
  table.push(...asked.map((each) => [each.file, each.class ?? "-", each.probability?.toFixed(4) ?? "-"]));
  return table.toString();
}
