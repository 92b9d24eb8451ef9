import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** An e-mail that the local SNS sent. */
export interface Mail {
  to: string;
  subject: string;
  date: string;
  text: string;
  /** Where it lies. */
  file: string;
}

/** The e-mails of a folder, the oldest first. */
export function readMail(dir: string): Mail[] {
  if (!existsSync(dir)) return [];
  const names = readdirSync(dir).filter((name) => name.endsWith(".eml"));
  return names.sort().map((name) => parse(path.join(dir, name)));
}

function parse(file: string): Mail {
  const [head, ...rest] = readFileSync(file, "utf8").split("\n\n");
  // A long header goes on in lines that begin with a blank.
  const lines = head.replace(/\n[ \t]+/g, " ").split("\n");
  const header = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  return {
    to: header("To") ?? "",
    subject: header("Subject") ?? "",
    date: header("Date") ?? "",
    text: rest.join("\n\n").replace(/\n$/, ""),
    file,
  };
}
