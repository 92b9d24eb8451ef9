import type { Figure } from "./figures";
import { bundle } from "./parts/bundle";
import { calls } from "./parts/calls";
import { command } from "./parts/command";
import { freshMachine } from "./parts/freshMachine";
import { localAws } from "./parts/localAws";
import { memory } from "./parts/memory";
import { preview } from "./parts/preview";
import { training } from "./parts/training";

/** How much a part measures. */
export interface Scale {
  /** The least that shows that it works. */
  short: boolean;
}

export interface Part {
  title: string;
  /** How to run it, where a run of all parts leaves it out. */
  alone?: string;
  run(scale: Scale): Promise<Figure[]>;
}

/** By the letters that choose them. */
export const parts: Record<string, Part> = {
  ab: {
    title: "From the command to CreateTrainingJob, and from the job's end to the command's end",
    run: command,
  },
  c: { title: "SageMaker calls a minute", run: calls },
  d: { title: "Preview and an update without changes", run: preview },
  e: { title: "Memory of the provider, and size of the state", run: memory },
  f: { title: "Bundling 5,000 files of source", run: bundle },
  g: { title: "Images a second of train.py, beside the plain loop of tutorials", run: training },
  h: { title: "The local AWS", run: localAws },
  i: {
    title: "A fresh machine, with empty caches, to the first artifact",
    alone: "`npm run bench -- i` runs it: it downloads and builds everything, in 5 minutes or more.",
    run: freshMachine,
  },
};
