import { open, stat } from "node:fs/promises";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";

/** Holds the longest FailureReason, 1024 characters, whatever they are. */
const maxBytes = 8 * 1024;

/**
 * The beginning of what a host wrote to output/failure; empty where that is no file. A script may have left anything there: a pipe
 * would be waited for, and a device read, without end.
 */
export async function readFailure(base: string): Promise<string> {
  const file = path.join(base, "output/failure");
  try {
    if (!(await stat(file)).isFile()) return "";
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
      return new StringDecoder("utf8").write(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return "";
  }
}
