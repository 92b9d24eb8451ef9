import { conflicts } from "./configConflicts";
import { schema, type TrainingConfig } from "./configSchema";
import { halvingFaults } from "./halvingPlan";
import { plainWords } from "./plainWords";
import { prefix } from "./s3Prefix";
import { gridOf } from "./sweepGrid";
import {
  type Fault,
  inOrder,
  isOwn,
  isShared,
  nameOf,
  type Overrides,
  OWN_MAPS,
  OWN_SETTINGS,
  type OwnSetting,
  sharedFault,
  type Variant,
  type Written,
} from "./sweepVariant";
import { isRecord } from "./trainingJob/args/unknown";

/** Settings that change nothing about what is trained. */
const NOT_DEFINING: OwnSetting[] = ["maxRun", "maxWait", "fallback", "keepAlive"];
/** More is rather a mistake in a grid than a plan. A limit of this program's own. */
export const MOST_VARIANTS = 256;

export interface Plan {
  /** In the order in which they are written; empty for a stack that is one experiment. */
  variants: Variant[];
  faults: Fault[];
}

/** The experiments of a stack, and everything that is wrong with how they are written. */
export function planSweep(config: TrainingConfig): Plan {
  const faults: Fault[] = [];
  const variants: Variant[] = [];
  const all = [...namedOf(config.experiments, faults), ...gridOf(config.grid, faults)];
  const stack = { ...config, experiments: {}, grid: {}, halving: {} };
  if (all.length > MOST_VARIANTS) {
    const message = `makes ${all.length} experiments, the limit is ${MOST_VARIANTS}: take a part with draws, or shorten its lists`;
    return { variants, faults: [...faults, { path: ["grid"], message }] };
  }
  const ofStack = new Set(faultsOf(stack).map(asText));
  const before = new Map<string, string>();
  const labels = new Set<string>();
  for (const { label, path, overrides } of all) {
    // The outputs have one place for each label: a failure of the other would be in none.
    if (labels.has(label))
      faults.push({ path, message: "is the name of two experiments: call one otherwise" });
    labels.add(label);
    const refused = Object.keys(overrides).filter((key) => !isOwn(key));
    const settings = { ...stack, ...overrides, ...mergedMaps(stack, overrides) };
    // What is wrong with the stack itself is told once, and there.
    const found =
      refused.length > 0
        ? refused.map((key) => ({ path: [key], message: refusal(key) }))
        : faultsOf(settings).filter((each) => !ofStack.has(asText(each)));
    faults.push(
      ...found.map((each) => ({
        path: [...path, ...each.path],
        message: `${each.message}${howToUnset(each.path[0], overrides)}`,
      })),
    );
    const parsed = schema.safeParse(settings);
    if (found.length > 0 || !parsed.success) continue;
    const training = trainingOf(parsed.data);
    const twin = before.get(training);
    if (twin !== undefined)
      faults.push({ path, message: `trains the same as ${twin}: leave one of them out` });
    before.set(training, label);
    const own = withTexts(overrides);
    variants.push({
      label,
      // A limit that is raised makes no other name: the same training under another name would be paid for again.
      name: nameOf(defining(own)),
      overrides: own,
      settings: withoutMaps(parsed.data),
      isBase: training === trainingOf(stack),
    });
  }
  // What is wrong with the experiments themselves is told first. A stack that has none is told so elsewhere.
  if (faults.length === 0 && all.length > 0) faults.push(...halvingFaults(config, variants));
  return { variants: faults.length > 0 ? [] : variants, faults };
}

function namedOf(experiments: TrainingConfig["experiments"], faults: Fault[]): Written[] {
  return Object.entries(experiments).flatMap(([label, overrides]) => {
    const path = ["experiments", label];
    if (isRecord(overrides)) return [{ label, path, overrides: overrides as Overrides }];
    faults.push({ path, message: "use a map of settings, such as {hyperparameters: {lr: 0.01}}" });
    return [];
  });
}

const refusal = (key: string): string =>
  isShared(key)
    ? sharedFault(key)
    : `is no setting of an experiment: an argument of the script goes under hyperparameters; the settings are ${OWN_SETTINGS.join(", ")}`;

function faultsOf(config: object): Fault[] {
  const parsed = schema.safeParse(config, { error: plainWords });
  if (parsed.success)
    return conflicts(parsed.data).map(({ key, reason }) => ({ path: [key], message: reason }));
  return parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
}

/** What an experiment sets to have none of what the stack has. */
const UNSET: Record<string, string> = { maxWait: '""', keepAlive: '""', fallback: "none" };

const howToUnset = (key: string, overrides: Overrides): string =>
  Object.hasOwn(UNSET, key) && !Object.hasOwn(overrides, key)
    ? ` (the stack has it: ${key}: ${UNSET[key]} here leaves it out)`
    : "";

const asText = ({ path, message }: Fault): string => JSON.stringify([path, message]);

/** Maps have the stack's keys besides their own. */
function mergedMaps(stack: TrainingConfig, overrides: Overrides): object {
  const maps = OWN_MAPS.filter((key) => isRecord(overrides[key]));
  return Object.fromEntries(maps.map((key) => [key, { ...stack[key], ...(overrides[key] as object) }]));
}

const defining = (overrides: Overrides): Overrides =>
  Object.fromEntries(
    Object.entries(overrides).filter(([key]) => !(NOT_DEFINING as readonly string[]).includes(key)),
  );

/** A variable is a text, however it is written: the stack's are made texts by the schema too. */
function withTexts({ environment, ...others }: Overrides): Overrides {
  if (environment === undefined) return others;
  return { ...others, environment: schema.shape.environment.parse(environment) };
}

function withoutMaps(config: TrainingConfig): Variant["settings"] {
  const keys = OWN_SETTINGS.filter((key) => !(OWN_MAPS as readonly string[]).includes(key));
  return Object.fromEntries(keys.map((key) => [key, config[key]])) as unknown as Variant["settings"];
}

/** What tells one training from another, as one text. Channels are prefixes, with or without their last slash. */
function trainingOf(settings: Pick<TrainingConfig, OwnSetting>): string {
  const defining = OWN_SETTINGS.filter((key) => !NOT_DEFINING.includes(key));
  const data = { train: prefix(settings.train), val: prefix(settings.val) };
  return JSON.stringify(defining.map((key) => inOrder({ ...settings, ...data }[key])));
}
