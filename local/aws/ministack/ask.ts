import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { text as textOf } from "node:stream/consumers";

/**
 * Asks ministack what is none of AWS's calls, at a path that the front lets nobody else reach. Resolves with undefined where it has nothing
 * to say.
 */
export async function askMinistack(socketPath: string, path: string, question: object): Promise<unknown> {
  const asked = httpRequest({ socketPath, method: "POST", path });
  asked.end(JSON.stringify(question));
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const text = await textOf(answer);
  if (answer.statusCode !== 200)
    throw new Error(`ministack answers ${answer.statusCode} to ${path}: ${text}`);
  return JSON.parse(text) ?? undefined;
}
