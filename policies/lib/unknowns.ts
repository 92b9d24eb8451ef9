/**
 * Values that are not known before the update. Reading one from the properties that the policy SDK hands
 * out throws; the SDK turns that into an advisory "can't run policy". Two things are missing there: the
 * first unknown value hides every check behind it, and nobody is told that the check happens later. Here
 * each look at the properties stands alone, and what could not be seen is reported when all have been made.
 */
export class Unknowns {
  private readonly errors: Error[] = [];
  private readonly paths = new Set<string>();

  /**
   * Makes one look. A value that is not known yet ends this look, not the next ones. `of` says which resource's
   * properties are looked at, where the reader could not tell.
   */
  look(check: () => void, of = ""): void {
    try {
      check();
    } catch (error) {
      if (!isUnknownValue(error)) {
        throw error;
      }
      this.errors.push(error);
      this.paths.add(`${of}${error.props.join(".")}`);
    }
  }

  /** Hands what could not be seen to the policy SDK, which reports it and does not block. */
  rethrow(when: string): void {
    const [first] = this.errors;
    if (first === undefined) {
      return;
    }
    const paths = [...this.paths];
    first.message = `${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} not known yet; ${when}`;
    throw first;
  }
}

interface UnknownValueError extends Error {
  /** The path of the property, as the SDK records it. */
  props: string[];
}

function isUnknownValue(error: unknown): error is UnknownValueError {
  return error instanceof Error && error.constructor.name === "UnknownValueError";
}
