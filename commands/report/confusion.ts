import { z } from "zod";

/** Which classes a model takes for which: `counts[true class][class it said]`. */
export interface Confusion {
  classes: string[];
  counts: number[][];
  /** The epoch whose model it is, where that is known. */
  epoch?: number;
}

export interface Mistake {
  truth: string;
  said: string;
  count: number;
  /** Images of the true class. */
  of: number;
}

const count = z.number().int().nonnegative();
const metrics = z.object({
  confusion_matrix: z.array(z.array(count)).min(2),
  classes: z.array(z.string()).optional(),
  best_epoch: z.number().optional(),
});

/** Out of the text of a model's metrics.json; or why there is none in it. */
export function confusionOf(text: string): Confusion | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "its metrics.json is not JSON";
  }
  if (typeof json !== "object" || json === null || !("confusion_matrix" in json)) {
    return "its metrics.json has no confusion_matrix";
  }
  const read = metrics.safeParse(json);
  if (!read.success) {
    const [{ path, message }] = read.error.issues;
    return `the confusion matrix in its metrics.json cannot be read: ${path.join(".")}: ${message}`;
  }
  const { confusion_matrix: counts, best_epoch: epoch } = read.data;
  const classes = read.data.classes ?? counts.map((_, index) => `class ${index}`);
  if (classes.length !== counts.length || counts.some((row) => row.length !== counts.length)) {
    return `the confusion matrix in its metrics.json is not ${classes.length} x ${classes.length}, as its classes are`;
  }
  return { classes, counts, ...(epoch === undefined ? {} : { epoch }) };
}

const sum = (values: number[]): number => values.reduce((all, each) => all + each, 0);

export const imagesOf = ({ counts }: Confusion): number => sum(counts.map(sum));

export const rightOf = ({ counts }: Confusion): number => sum(counts.map((row, index) => row[index]));

/** Of each class: its images, those that it was said of, and those of both. */
export const perClass = ({ classes, counts }: Confusion) =>
  classes.map((name, index) => ({
    name,
    images: sum(counts[index]),
    said: sum(counts.map((row) => row[index])),
    right: counts[index][index],
  }));

/** What is taken for what, the most frequent first. */
export function mistakes({ classes, counts }: Confusion): Mistake[] {
  const all = counts.flatMap((row, truth) =>
    row.map((each, said) => ({ truth, said, count: each, of: sum(row) })),
  );
  return all
    .filter(({ truth, said, count: each }) => truth !== said && each > 0)
    .sort((a, b) => b.count - a.count || b.count / b.of - a.count / a.of)
    .map((each) => ({ ...each, truth: classes[each.truth], said: classes[each.said] }));
}
