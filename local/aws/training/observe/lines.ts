import { StringDecoder } from "node:string_decoder";
import { beginningOf } from "../../wholeCharacters.ts";

/** CloudWatch Logs takes events of up to 256 KB, 26 bytes of which are its own. */
const maxLineBytes = 256 * 1024 - 26;

/** Turns a stream of bytes into whole lines; a line too long for one log event comes in pieces. */
export class LineSplitter {
  private readonly decoder = new StringDecoder("utf8");
  private readonly onLine: (line: string) => void;
  private rest = "";

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  push(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  /** Hands out what came after the last line break. */
  end(): void {
    this.take(this.decoder.end());
    if (this.rest !== "") this.emit(this.rest);
    this.rest = "";
  }

  private take(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.emit(line);
    if (this.rest.length > maxLineBytes) {
      this.emit(this.rest);
      this.rest = "";
    }
  }

  private emit(line: string): void {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    for (const piece of pieces(text)) this.onLine(piece);
  }
}

/** A UTF-16 unit takes at most 3 bytes in UTF-8, so a third of the limit in units always fits. */
function pieces(line: string): string[] {
  if (Buffer.byteLength(line) <= maxLineBytes) return [line];
  const size = Math.floor(maxLineBytes / 3);
  const found: string[] = [];
  for (let rest = line; rest !== ""; rest = rest.slice(found.at(-1)?.length))
    found.push(beginningOf(rest, size));
  return found;
}
