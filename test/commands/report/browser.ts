import { createReadStream, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import chromium from "@sparticuz/chromium";
import puppeteer, { type Browser } from "puppeteer-core";
import * as tar from "tar";

const PACKED = path.resolve(__dirname, "../../../node_modules/@sparticuz/chromium/bin");
/** Milliseconds: on a loaded machine everything takes its time. */
const PATIENCE = 180_000;

/** The package carries Chromium for this machine alone; elsewhere the tests need one that is named by CHROME_PATH. */
const isCarried = process.platform === "linux" && process.arch === "x64";

/** Whether there is a Chromium to test with. */
export const hasBrowser = isCarried || Boolean(process.env.CHROME_PATH);

/** Chromium without a window, unpacked into an empty folder, with the libraries and the font that its package brings along. */
export async function openBrowser(dir: string): Promise<Browser> {
  const options = { headless: "shell", timeout: PATIENCE, protocolTimeout: PATIENCE } as const;
  // Neither a sandbox nor much shared memory is to be had in containers; the pages are the tests' own.
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--font-render-hinting=none"];
  if (process.env.CHROME_PATH)
    return puppeteer.launch({ ...options, args, executablePath: process.env.CHROME_PATH });
  await pipeline(
    createReadStream(path.join(PACKED, "al2023.tar.br")),
    createBrotliDecompress(),
    tar.extract({ cwd: dir }),
  );
  const fonts = path.join(dir, "fonts.conf");
  writeFileSync(
    fonts,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${dir}/fonts</dir><cachedir>${dir}/cache</cachedir></fontconfig>`,
  );
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: path.join(dir, "lib"),
    FONTCONFIG_FILE: fonts,
    HOME: dir,
    TMPDIR: dir,
  };
  return puppeteer.launch({ ...options, args, executablePath: await unpacked(dir), env });
}

/** The package unpacks to the folder for temporary files, and would run what somebody else has put there. */
async function unpacked(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = dir;
  try {
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
