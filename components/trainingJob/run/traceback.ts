/** What the toolkits of SageMaker's images say themselves. */
export const TOOLKIT_LINE = /^\d{4}-\d\d-\d\d [\d:,]+ sagemaker[-_][\w.-]+ +[A-Z]+ /;

const HEADER = /^(?:Exception Group )?Traceback \(most recent call last\):$/;
const FRAME = /^File ".+", line \d+/;
/** What a SyntaxError of the script itself begins with: no header before it, and no function. */
const LONE_FRAME = /^File ".+", line \d+$/;
/** Of code that has no file, and so no source to show: `<string>`, `<frozen importlib._bootstrap>`. */
const SOURCELESS = /^File "</;
const MARKS = /^[\^~\s]+$/;
/** Beside the lines of an exception group, and between its parts: `+-+---------------- 1 ----------------`. */
const MARGIN = /^\s*[|+](?:\s|$)/;
const SEPARATOR = /^\s*(?:\+-)?\+-{16,}( \S+ -{16,})?$/;
/** An exception's name with what there is of its message: `json.decoder`, `KeyError`, `KeyError:`, `KeyError: 'x'`. */
const NAMED = /^[A-Za-z_][\w.<>]*(?::|$)/;
/** The same where source is expected, which may look like it. */
const SURELY_NAMED = /^[A-Za-z_][\w.<>]*(?:Error|Exception|Exit|Group|Interrupt|Iteration|Warning)(?::|$)/;

/**
 * Puts Python's tracebacks together again. Up to 3.12, Python writes one in pieces (a name, `: `, the message, each `^` by itself), and
 * SageMaker's toolkit makes an event of its log of whatever it happens to read at once, without the spaces around it. What follows what in
 * a traceback is known, so its pieces can be joined; those of `print(a, b)` cannot be told from lines. The marks under the source are left
 * out: without their spaces they point nowhere.
 */
export class TracebackJoiner {
  #state: "outside" | "frames" | "source" | "exception" = "outside";
  #inGroup = false;
  /** A margin whose line comes next, as the margin of the exception that is held. */
  #margin = "";
  /** The beginning of an exception's line. */
  #held = "";

  /** Takes the next line; returns what is whole by now. */
  push(line: string): string[] {
    if (TOOLKIT_LINE.test(line)) return [...this.end(), line];
    if (SEPARATOR.test(line) && this.#inGroup) return this.#separate(line.trim());
    if (this.#state === "exception" && continues(this.#held, line)) {
      this.#held += this.#held.endsWith(":") ? ` ${line.trim()}` : line.trim();
      return this.#whole();
    }
    const before = this.#state === "exception" ? this.end() : [];
    return [...before, ...this.#take(line)];
  }

  /** Gives out what is held because its rest might have come. */
  end(): string[] {
    const held = this.#held === "" ? this.#margin.trim() : `${this.#margin}${this.#held}`;
    this.#margin = this.#held = "";
    this.#state = "outside";
    return held === "" ? [] : [held];
  }

  #take(line: string): string[] {
    const [margin, text] = this.#split(line);
    if (HEADER.test(text)) return this.#begin(margin, text);
    if (this.#state === "outside") {
      if (LONE_FRAME.test(text)) return this.#frame(margin, text);
      if (margin === "" || text !== "") return [...this.end(), line];
    }
    if (text === "") {
      this.#margin = margin || this.#margin;
      return [];
    }
    if (MARKS.test(text)) return this.#drop();
    if (FRAME.test(text)) return this.#frame(margin, text);
    if (this.#state === "source" ? SURELY_NAMED.test(text) : NAMED.test(text)) {
      this.#state = "exception";
      this.#held = text;
      this.#margin = margin;
      return this.#whole();
    }
    const isSource = this.#state === "source" || !text.startsWith("[Previous line repeated");
    this.#state = "frames";
    return this.#give(margin, `${isSource ? "    " : "  "}${text}`);
  }

  /** The margin of a group's line, which may have come before it, and the line without it. */
  #split(line: string): [margin: string, text: string] {
    const isMargin = MARGIN.test(line) && (this.#inGroup || /^\s*\+(\s|$)/.test(line));
    const [margin, rest] = isMargin ? [`  ${line.trim()[0]} `, line.trim().slice(1)] : ["", line];
    return [margin || this.#margin, rest.trim()];
  }

  #begin(margin: string, text: string): string[] {
    this.#state = "frames";
    if (text.startsWith("Exception Group")) this.#inGroup = true;
    return this.#give(margin, text);
  }

  #frame(margin: string, text: string): string[] {
    this.#state = SOURCELESS.test(text) ? "frames" : "source";
    return this.#give(margin, `  ${text}`);
  }

  /** Between the parts of a group: the next one may have no traceback, but its exception alone. */
  #separate(text: string): string[] {
    const before = this.end();
    this.#inGroup = text.includes(" ");
    this.#state = this.#inGroup ? "frames" : "outside";
    return [...before, `  ${text}`];
  }

  /** The exception's line, once it has its message. */
  #whole(): string[] {
    return /^[\w.<>]+: ./.test(this.#held) ? this.end() : [];
  }

  #give(margin: string, text: string): string[] {
    this.#margin = "";
    return [`${margin}${text}`];
  }

  #drop(): string[] {
    this.#margin = "";
    return [];
  }
}

/** Whether this is the next piece of an exception's line. */
function continues(held: string, line: string): boolean {
  const text = line.trim();
  if (text === "") return false;
  return /[.:]$/.test(held) ? !MARGIN.test(line) : /^[.:]/.test(text) && !held.includes(":");
}
