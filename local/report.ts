/** Receives one line of progress, without a line break. */
export interface Report {
  (line: string): void;
  /** Whether it shows by itself which steps run. Default: no, so a line now and then says so. */
  showsSteps?: boolean;
}

/** Seconds as people read them: `0.4 s`, `12 s`, `3 min 7 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
}

export interface StepOptions {
  /** What is being done, such as `Building the Pulumi CLI 3.259.0`. */
  what: string;
  /** What to expect, shown once: `about 4 minutes, once per machine`. */
  expect?: string;
  /** Seconds between the lines that show that the step still runs. Default 30. */
  everySeconds?: number;
}

/** The steps that run now, and since when. */
const running = new Map<symbol, { what: string; start: number }>();

/**
 * Runs a long step between a line that says what starts and a line that says how long it took. While it takes long, a line now and then
 * says so; one for all steps that run side by side, told by the one that began first.
 */
export async function step<T>(report: Report, options: StepOptions, work: () => Promise<T>): Promise<T> {
  const own = Symbol(options.what);
  const start = Date.now();
  report(`${options.what}${options.expect ? ` (${options.expect})` : ""} ...`);
  running.set(own, { what: options.what, start });
  const timer = setInterval(
    () => {
      const [first] = running.keys();
      if (first === own && !report.showsSteps) report(`Still at it: ${stillRunning()}`);
    },
    (options.everySeconds ?? 30) * 1000,
  );
  try {
    const result = await work();
    running.delete(own);
    report(`${options.what}: done in ${elapsed(start)}`);
    return result;
  } finally {
    running.delete(own);
    clearInterval(timer);
  }
}

/** The steps that run now, the one that began first on top. */
export const runningSteps = (): { what: string; seconds: number }[] =>
  [...running.values()].map(({ what, start }) => ({ what, seconds: (Date.now() - start) / 1000 }));

const elapsed = (start: number): string => formatSeconds((Date.now() - start) / 1000);

const stillRunning = (): string =>
  runningSteps()
    .map(({ what, seconds }) => `${what} (${formatSeconds(seconds)})`)
    .join("; ");
