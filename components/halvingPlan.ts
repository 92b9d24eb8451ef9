import { z } from "zod";
import type { TrainingConfig } from "./configSchema";
import { listed, plainWords } from "./plainWords";
import type { Fault, Variant } from "./sweepVariant";
import { isRecord } from "./trainingJob/args/unknown";

/** What train.py calls the epoch to stop after, and the epochs of the whole training. */
const STOP = "stop_after_epoch";
const WHOLE = "epochs";
/** Settings that all experiments have in common here: what they cost is compared, and the most that a rung can cost is told at preview. */
const IN_COMMON = [
  ...(["instanceType", "instanceCount", "maxRun"] as const),
  ...(["spot", "maxWait", "fallback", "keepAlive"] as const),
];

/** Successive halving, as it is meant. */
export interface Halving {
  /** Epochs that a training has behind it after each rung; the last one's are those of the whole. At least two, rising. */
  epochs: number[];
  /** The fraction that goes on to the next rung, between 0 and 1. */
  keep: number;
  /** The script's argument that is set to a rung's epochs. */
  argument: string;
}

/** `pulumi config set --path training:halving.keep 0.5` writes a text. */
const figure = <T extends z.ZodType>(type: T) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^[\d.]+$/.test(value) ? Number(value) : value),
    type,
  );

const written = z.strictObject(
  {
    epochs: z
      .array(figure(z.int().positive()), { error: "use a list of epochs, such as [1, 2, 4]" })
      .min(2, "use two rungs or more, such as [1, 2, 4]")
      .refine(
        (epochs) => epochs.every((each, rung) => rung === 0 || each > epochs[rung - 1]),
        "must rise from rung to rung",
      ),
    keep: figure(
      z
        .number()
        .gt(0, "must be between 0 and 1: the fraction that goes on")
        .lt(1, "must be between 0 and 1: the fraction that goes on"),
    ).default(0.5),
    argument: z.string().min(1).default(STOP),
  },
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? `has no ${listed(keys as string[])}: use epochs, keep and argument`
        : undefined,
  },
);

/** Successive halving, where the stack wants it and has written it well. */
export function halvingOf({ halving }: Pick<TrainingConfig, "halving">): Halving | undefined {
  return Object.keys(halving).length > 0 ? written.safeParse(halving).data : undefined;
}

/** How many experiments each rung takes on: a fraction of the one before, at least one. */
export function placesOf({ epochs, keep }: Halving, experiments: number): number[] {
  const places = [experiments];
  // 0.7 * 10 is a little more than 7 here.
  while (places.length < epochs.length) {
    places.push(Math.max(1, Math.ceil((places.at(-1) ?? 0) * keep - 1e-9)));
  }
  return places;
}

/** The arguments of the script in a rung. Only what train.py calls so tells how long the whole is: another script's user says it himself. */
export function argumentsOf({ epochs, argument }: Halving, rung: number): Record<string, number> {
  const own = { [argument]: epochs[rung] };
  return argument === STOP ? { [WHOLE]: epochs.at(-1) as number, ...own } : own;
}

/** Everything that successive halving cannot do with these experiments. */
export function halvingFaults(config: TrainingConfig, variants: Variant[]): Fault[] {
  if (Object.keys(config.halving).length === 0) return [];
  const parsed = written.safeParse(config.halving, { error: plainWords });
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({
      path: ["halving", ...path.map(String)],
      message,
    }));
  }
  return [
    ...rungFaults(parsed.data, variants.length),
    ...stackFaults(parsed.data, config),
    ...variants.flatMap((variant) => variantFaults(parsed.data, variant, config)),
  ];
}

function rungFaults(halving: Halving, experiments: number): Fault[] {
  if (experiments < 2) {
    return [
      { path: ["halving"], message: `needs several experiments: there is ${experiments} to choose from` },
    ];
  }
  const places = placesOf(halving, experiments);
  const idle = places.findIndex((each, rung) => rung > 0 && each === places[rung - 1]);
  if (idle < 0) return [];
  const kept = places[idle] === 1 ? "the only one that is left" : `all ${places[idle]} that are left`;
  const message = `takes ${kept} on to ${halving.epochs[idle]} epochs: of ${experiments} experiments, take fewer rungs or a lower keep`;
  return [{ path: ["halving"], message }];
}

function stackFaults(halving: Halving, { hyperparameters }: TrainingConfig): Fault[] {
  const set = argumentsOf(halving, 0);
  return Object.keys(set)
    .filter((key) => Object.hasOwn(hyperparameters, key))
    .filter((key) => key === halving.argument || String(hyperparameters[key]) !== String(set[key]))
    .map((key) => ({
      path: ["hyperparameters", key],
      message:
        key === halving.argument
          ? `is set by training:halving, to the epochs of each rung: leave it out`
          : `is other than the last of training:halving.epochs, which it is set to: leave it out`,
    }));
}

function variantFaults(
  halving: Halving,
  { label, overrides, settings }: Variant,
  stack: TrainingConfig,
): Fault[] {
  const fault = (key: string[], message: string) => ({
    path: ["halving"],
    message: `${label}: ${key.join(".")} ${message}`,
  });
  const own = isRecord(overrides.hyperparameters) ? overrides.hyperparameters : {};
  return [
    ...Object.keys(argumentsOf(halving, 0))
      .filter((key) => Object.hasOwn(own, key))
      .map((key) =>
        fault(["hyperparameters", key], "is set by training:halving: leave it out of experiments and grid"),
      ),
    ...IN_COMMON.filter((key) => settings[key] !== stack[key]).map((key) =>
      fault([key], `is one for all experiments with training:halving: set training:${key}`),
    ),
  ];
}
