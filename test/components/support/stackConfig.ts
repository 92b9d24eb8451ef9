import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../../components/config";

export const DATA = { train: "s3://data/train/", val: "s3://data/val/" };

/** Loads the stack's configuration as the engine hands it over: every value is a text. */
export const load = (config: Record<string, string>, secretKeys: string[] = []) =>
  loadWith(loadConfig, config, secretKeys);

/** The same of another program. */
export function loadWith<T>(read: () => T, config: Record<string, string>, secretKeys: string[]): T {
  const before = process.env.PULUMI_CONFIG_SECRET_KEYS;
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
  pulumi.runtime.setAllConfig(config);
  try {
    return read();
  } finally {
    pulumi.runtime.setAllConfig({});
    if (before === undefined) delete process.env.PULUMI_CONFIG_SECRET_KEYS;
    else process.env.PULUMI_CONFIG_SECRET_KEYS = before;
  }
}

export const stack = (changes: Record<string, string> = {}) => ({
  "training:train": DATA.train,
  "training:val": DATA.val,
  ...Object.fromEntries(Object.entries(changes).map(([key, value]) => [`training:${key}`, value])),
});
