import { type Target, type TargetName, targets } from "./targets";

/** One thing that was measured. */
export interface Figure {
  what: string;
  value: number;
  /** Such as `s`, `MB`; `times` for a ratio. */
  unit: string;
  target?: TargetName;
}

export const figure = (what: string, value: number, unit: string, target?: TargetName): Figure => ({
  what,
  value,
  unit,
  ...(target && { target }),
});

/** How far a figure is from its target: 0 where it is within, or has none. */
export function missedBy({ value, target }: Figure): number {
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = limits(target);
  return Math.max(0, value - atMost, atLeast - value);
}

export function limits(target: TargetName | undefined): Target {
  return target === undefined ? {} : targets[target];
}

/** The target in words, such as `at most 1.25 times`; empty where there is none. */
export function targetOf({ target, unit }: Figure): string {
  const { atMost, atLeast } = limits(target);
  if (atMost !== undefined) return `at most ${number(atMost)} ${unit}`;
  return atLeast === undefined ? "" : `at least ${number(atLeast)} ${unit}`;
}

export const amount = ({ value, unit }: Pick<Figure, "value" | "unit">): string =>
  `${number(value)} ${unit}`.trimEnd();

/** Three digits that count: more than that no two runs agree on. */
const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : String(+value.toPrecision(3));
