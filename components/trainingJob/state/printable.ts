import { stripVTControlCharacters } from "node:util";

/** A script's colours, titles and moves of the cursor are for its own terminal, not for the one that reads its log. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
