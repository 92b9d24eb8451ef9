/** Pulumi's mark for a text that is not known before the update. A remedy may set it: the update then looks again, with the value at hand. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Values that are not known before the update, and values that nobody can read. Reading an unknown one from the properties that the policy
 * SDK hands out throws; the SDK turns that into an advisory "can't run policy". Two things are missing there: the first such value hides
 * every check behind it, and nobody is told that the check happens later. Here each look at the properties stands alone, and what could not
 * be seen is told when all have been made.
 */
export class Unknowns {
  private readonly errors: Error[] = [];
  private readonly paths = new Set<string>();
  private readonly faults: Fault[] = [];

  /**
   * Makes one look. A value that is not known yet, or that cannot be read, ends this look, not the next ones. `of` says which resource's
   * properties are looked at, where the reader could not tell.
   */
  look(check: () => void, of = ""): void {
    try {
      check();
    } catch (error) {
      if (isUnknownValue(error)) {
        this.errors.push(error);
        this.paths.add(`${of}${error.props.join(".")}`);
      } else if (isNotApplicable(error)) {
        throw error;
      } else {
        const fault = { of: of.replace(/:\s*$/, ""), error: error as Error };
        // Several looks may fail at one value: it is told once.
        const isTold = this.faults.some(
          (told) => told.of === fault.of && told.error.message === fault.error.message,
        );
        if (!isTold) this.faults.push(fault);
      }
    }
  }

  /** Hands what could not be seen to the policy SDK, which reports it and does not block; what cannot be read goes to `guarded`, and blocks. */
  rethrow(when: string): void {
    const [first] = this.errors;
    if (first !== undefined) {
      const paths = [...this.paths];
      first.message = `${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} not known yet; ${when}`;
    }
    if (this.faults.length > 0) throw new Unjudged(this.faults, first);
    if (first !== undefined) throw first;
  }
}

/** What stopped a look for good, and which resource was looked at; empty where the rule looks at one only. */
export interface Fault {
  of: string;
  error: Error;
}

/** Looks that could not be made, beside those that the update makes again. */
export class Unjudged extends Error {
  readonly faults: readonly Fault[];
  /** The policy SDK's own sign, if something was not known yet. */
  readonly unknown?: Error;

  constructor(faults: readonly Fault[], unknown?: Error) {
    super(faults.map(({ of, error }) => `${of && `${of}: `}${error.message}`).join("; "));
    this.name = "Unjudged";
    this.faults = faults;
    this.unknown = unknown;
  }
}

/** A text, or the mark of an unknown one where what it is made of is not known yet. */
export function orUnknown<T>(text: () => T): T | typeof UNKNOWN_TEXT {
  try {
    return text();
  } catch (error) {
    if (isUnknownValue(error)) return UNKNOWN_TEXT;
    throw error;
  }
}

interface UnknownValueError extends Error {
  /** The path of the property, as the SDK records it. */
  props: string[];
}

// The policy SDK exports neither of its two signs: they are known by the names of their classes.

export function isUnknownValue(error: unknown): error is UnknownValueError {
  return error instanceof Error && error.constructor.name === "UnknownValueError";
}

export function isNotApplicable(error: unknown): boolean {
  return error instanceof Error && /^NotApplicable/.test(error.constructor.name);
}
