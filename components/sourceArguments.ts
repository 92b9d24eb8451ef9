import type { SourceFile } from "./sourceFiles";

/** Ways to read the arguments of which their names say nothing. */
const BY_NO_NAME = /HfArgumentParser|LightningCLI|jsonargparse|SM_HPS|SM_TRAINING_ENV|hyperparameters\.json/;

/**
 * Arguments that no file of the source names, where the script reads its arguments by name: leftovers of another script, of which argparse
 * makes an error when the job has started.
 */
export function unnamedArguments(files: SourceFile[], names: string[]): string[] {
  const texts = files
    .filter(({ path }) => /\.(py|sh|ya?ml|json|toml|cfg)$/.test(path))
    .map(({ content }) => String(content));
  if (!texts.some((text) => text.includes("add_argument("))) return [];
  if (texts.some((text) => BY_NO_NAME.test(text))) return [];
  return names.filter((name) => {
    if (name.startsWith("sagemaker_")) return false;
    const words = name.split(/[-_]/).map((word) => word.replaceAll(/\W/g, "\\$&"));
    // The beginning of a word is enough, as argparse takes it too.
    const named = new RegExp(`(?<![A-Za-z0-9])${words.join("[-_]")}`);
    return !texts.some((text) => named.test(text));
  });
}

/** Whether no file of the source reads a channel, by its variable or by its folder: what is in it would then be passed over. */
export function isUnread(files: SourceFile[], channel: string): boolean {
  const names = [`CHANNEL_${channel.toUpperCase()}`, `input/data/${channel}`, "SM_CHANNELS"];
  return !files.some(({ content }) => names.some((each) => content.includes(each)));
}
