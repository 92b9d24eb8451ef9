import { TracebackJoiner } from "../trainingJob/run/traceback";

/** Lines of one error that are shown: what is above is where it was called from. */
const LINES = 12;

const HEADER = /^(?:Exception Group )?Traceback \(most recent call last\):$/;
/** What a model server says of its own. */
const CHATTER = /^ACCESS_LOG|GET \/ping|"GET \/ping/;

/** What a script's log or answer says of its error: the last traceback in it, else its last lines. */
export function scriptError(lines: string[]): string[] {
  const joiner = new TracebackJoiner();
  const whole = [...lines.flatMap((line) => joiner.push(line)), ...joiner.end()].filter(
    (line) => line.trim() !== "" && !CHATTER.test(line),
  );
  const start = whole.findLastIndex((line) => HEADER.test(line.trim()));
  return whole.slice(Math.max(start, 0)).slice(-LINES);
}
