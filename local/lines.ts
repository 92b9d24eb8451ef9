import { stripVTControlCharacters } from "node:util";

/** A row as Pulumi prints it without a terminal: operation, type, name, status, and the last thing said about the resource. */
const ROW = /^(?<op> {1,4}\S{0,3} +)(?<type>[\w-]+:[\w/-]+:\w+) (?<name>\S+) (?<rest>.*)$/;
/** Such as `creating replacement (12s)`; a row that has none yet begins with a space. */
const STATUS =
  /^(?<status>\*{0,2}[a-z]+(?: failed| interrupted| original| replacement| for replacement)*(?: \((?<time>[\d.]+s)\))?\S*)(?: (?<message>.*))?$/;
/** What replaces a resource says so before everything else, on each of its lines. */
const CHANGED = /^\[diff: [^\]]*\]; /;
const HEADER = /^ {2}(?<type>\S+) \((?<name>.+)\):$/;
const SECTION = /^[A-Z]\w+( .*)?:/;

/**
 * The lines of a deployment for a window of any width. In a terminal Pulumi keeps one row for each resource and cuts it at the edge: types
 * and names alone take more than 100 columns, and of a job's log only the last line is ever there. Without a terminal it prints all of
 * it, behind those types, and the log once more at the end. This makes a short line of each row, and leaves out at the end what was shown.
 *
 *      +  pulumi-nodejs:dynamic/sagemaker:TrainingJob densenet121-training creating (74s) epoch=4 val_accuracy=0.97
 *      +  densenet121-training (74s) epoch=4 val_accuracy=0.97
 *
 * What is no row is passed on as it is.
 */
export class DeploymentLines {
  /** What was last said on each resource's row: a change of its status repeats it. */
  readonly #last = new Map<string, string>();
  readonly #told = new Set<string>();
  /** Titles of the diagnostics that wait for something new below them; undefined elsewhere. */
  #titles: string[] | undefined;
  #resource = "";

  /** The lines to show in place of one of Pulumi's. */
  of(line: string): string[] {
    if (SECTION.test(line)) return this.#section(line);
    if (this.#titles) return this.#diagnostic(line, this.#titles);
    const row = ROW.exec(line)?.groups;
    return row ? this.#row(row.op, `${row.type} ${row.name}`, row.name, row.rest) : [line];
  }

  #row(op: string, resource: string, name: string, rest: string): string[] {
    const { status = "", time, message = rest } = STATUS.exec(rest)?.groups ?? {};
    const text = message.replace(CHANGED, "").trim();
    if (status.includes("failed")) return [`${op}${name} ${rest}`];
    if (text === "" || text === this.#last.get(resource)) return status ? [`${op}${name} ${status}`] : [];
    this.#last.set(resource, text);
    this.#told.add(`${resource} ${text}`);
    return [`${op}${name} ${time ? `(${time}) ` : ""}${text}`];
  }

  #section(line: string): string[] {
    if (line === "Diagnostics:") {
      this.#titles = [line];
      return [];
    }
    this.#titles = undefined;
    if (/^Updating /.test(line)) {
      this.#last.clear();
      this.#told.clear();
    }
    return [line];
  }

  #diagnostic(line: string, titles: string[]): string[] {
    const header = HEADER.exec(line)?.groups;
    if (header) {
      this.#resource = `${header.type} ${header.name}`;
      this.#titles = [...titles.filter((title) => !HEADER.test(title)), line];
      return [];
    }
    const text = line.trim();
    // Nothing was shown of a resource whose title still waits.
    if (text === "") return titles.some((title) => HEADER.test(title)) ? [] : [line];
    if (this.#told.has(`${this.#resource} ${text}`) && !/^(error|warning): /.test(text)) return [];
    this.#titles = [];
    return [...titles, line];
  }
}

/** A script's colours, titles and moves of the cursor are for its own terminal, not for the one that reads its log. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
