/** What a figure should be, and, where it is known that it is not, why. */
export interface Target {
  atMost?: number;
  atLeast?: number;
  /** The reason that bench/results.md gives where the target is missed. */
  missed?: string;
}

/** By the name that a figure of a part gives. */
export const targets = {
  /** Command to CreateTrainingJob, in times of the faster SDK. */
  upOfSdk: {
    atMost: 1,
    missed:
      "Pulumi runs the program for the preview and again for the update, and for each starts the policy pack, the AWS provider and the provider of jobs anew, one after the other",
  },
  skipPreviewOfSdk: {
    atMost: 0.4,
    missed:
      "a tenth to a fifth of it is the key that Pulumi derives from the passphrase of the stack's secrets, and then the engine, the program and two providers start one after the other",
  },
  /** Seconds from the job's end to the command's. */
  endSeconds: { atMost: 1 },
  /** SageMaker calls a minute for 100 jobs. */
  callsAt100: { atMost: 40 },
  /** Preview, in times of a program of Pulumi's template that does nothing but import the same SDKs, and has its types checked by nobody. */
  previewOfBare: {
    atMost: 1.25,
    missed:
      "the bare program starts no provider; this one starts two, which the engine does one after the other",
  },
  /** Seconds until the policy pack answers, compiled as it is published. */
  packSeconds: { atMost: 1 },
  /** Megabytes that 100 jobs take more than one. */
  providerGrowth: { atMost: 150 },
  /** Bundling, in times of `tar czf`. */
  bundleOfTar: { atMost: 1.5 },
  /** Seconds for a bundle of unchanged source. */
  unchangedSeconds: { atMost: 0.3 },
  /** Images a second, in times of the plain loop at the same number of threads. */
  trainOfPlain: {
    atLeast: 1.5,
    missed: "this processor has no arithmetic in bfloat16; with it, and on a GPU, the target is met",
  },
  /** Seconds from CreateTrainingJob to the first line of the script. */
  firstLineSeconds: { atMost: 0.5 },
  /** Seconds from nothing to the first artifact on two cores. */
  freshSeconds: {
    atMost: 300,
    missed:
      "both cores are busy all the time, most of it with compiling the Pulumi CLI, and three epochs take a minute and a half on a processor without bfloat16; a Pulumi CLI that is installed saves the compiling",
  },
} satisfies Record<string, Target>;

export type TargetName = keyof typeof targets;
