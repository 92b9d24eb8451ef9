import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "puppeteer-core";
import type { ReportData } from "../../../commands/report/data";
import { pageOf } from "../../../commands/report/page";
import { hasBrowser, openBrowser } from "./browser";
import { DATA, FAILURE } from "./fixture";
import { EVIL, HOSTILE } from "./hostile";

const IN_PAGE = readFileSync(path.join(__dirname, "inPage.js"), "utf8");
/** For who wants to look; git ignores it. */
const PICTURES = path.resolve(__dirname, "../../../.local/screenshots");

interface Chart {
  label: string;
  lines: number;
  dots: number;
  bars: number;
  outside: string[];
  fits: boolean;
}

describe("the report in Chromium", function () {
  this.timeout(600_000);
  let dir: string;
  let browser: Browser;
  before(async function () {
    if (!hasBrowser) return this.skip();
    dir = mkdtempSync(path.join(tmpdir(), "report-"));
    mkdirSync(PICTURES, { recursive: true });
    browser = await openBrowser(dir);
  });
  after(async () => {
    await browser?.close();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  /** Opens the page from a file, and fails for whatever the browser complains of or asks for. */
  async function open(data: ReportData, width: number, scheme = "light"): Promise<Page> {
    const file = path.join(dir, "page.html");
    writeFileSync(file, pageOf(data));
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== `file://${file}`) complaints.push(request.url());
    });
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(`file://${file}`, { waitUntil: "load" });
    assert.deepEqual(complaints, []);
    return page;
  }
  const ask = <T>(page: Page, what: string) =>
    page.evaluate(`${IN_PAGE.replace(/;\s*$/, "")}.${what}()`) as Promise<T>;

  for (const width of [1280, 800, 400]) {
    for (const scheme of ["light", "dark"]) {
      it(`is whole and in its place at ${width} pixels, ${scheme}`, async () => {
        const page = await open(DATA, width, scheme);
        await page.screenshot({ path: path.join(PICTURES, `report-${width}-${scheme}.png`), fullPage: true });
        assert.deepEqual(await ask(page, "overflow"), 0);
        assert.deepEqual(await ask(page, "cut"), []);
        assert.deepEqual(await ask(page, "overlaps"), []);
        const charts = await ask<Chart[]>(page, "charts");
        assert.deepEqual(
          charts.map(({ label, lines, dots, bars }) => [label.slice(0, 28), lines, dots, bars]),
          [
            ["val_accuracy of 4 runs over ", 4, 48, 0],
            ["train_loss of 4 runs over ep", 4, 48, 0],
            ["val_loss of 4 runs over epoc", 4, 48, 0],
            ["this run $0.046, on demand $", 0, 0, 3],
            ["densenet121-02229f10: 8 min ", 0, 0, 4 + 8 + 4 + 4 + 4 + 4],
          ],
        );
        assert.deepEqual(
          charts.filter(({ outside, fits }) => outside.length > 0 || !fits),
          [],
        );
        const { ratio, text } = await ask<{ ratio: number; text: string }>(page, "contrast");
        assert.ok(ratio >= 4.5, `${text}: ${ratio}`);
        await page.close();
      });
    }
  }

  it("tells who did not train which run is best, why one failed, what it cost and what is deployed", async () => {
    const page = await open(DATA, 1280);
    const seen = (await page.evaluate("document.body.innerText")) as string;
    for (const text of [
      "Sorted by val_accuracy, highest first",
      "The model of densenet121-02229f10 after epoch 11 has 35 of 36 validation images right (97 %).",
      "Most often it took coronal_back for coronal_front: 1 of 6 images.",
      "5 runs cost $0.32. On demand the same training would cost $0.68: managed spot saved 52 %.",
      "left on for a day is $24.14, 523 times as much",
      "Interrupted 4 min 47 s after its creation. Training job interrupted: the managed spot capacity was reclaimed",
      "A spot job before it, densenet121-91be04c7, ended Stopped (MaxWaitTimeExceeded).",
      "Then a job on demand, densenet121-91be04c7-od, ended Completed.",
      "The best run is densenet121-02229f10: val_accuracy 0.9722 against 0.9167.",
      FAILURE,
    ]) {
      assert.ok(seen.includes(text), `${text}\n\nis not in\n\n${seen}`);
    }
    const { Leaderboard, "Confusion matrix": matrix } = await ask<Record<string, string[][]>>(page, "tables");
    assert.deepEqual(
      Leaderboard.map((row) => row.slice(0, 11)),
      [
        [
          "#",
          "run",
          "val_accuracy",
          "lr",
          "batch_size",
          "steps",
          "train_loss",
          "val_loss",
          "cost",
          "trained for",
          "status",
        ],
        [
          "1",
          "densenet121-02229f10 best",
          "0.9722",
          "0.001",
          "16",
          "",
          "0.0412",
          "0.1034",
          "$0.046",
          "6 min 23 s",
          "✓ Completed",
        ],
        [
          "2",
          "densenet121-c40d17aa",
          "0.9444",
          "0.001",
          "32",
          "",
          "0.0688",
          "0.1377",
          "$0.067",
          "8 min 6 s",
          "✓ Completed",
        ],
        [
          "3",
          "densenet121-91be04c7-od",
          "0.9167",
          "0.003",
          "16",
          "",
          "0.0903",
          "0.2214",
          "$0.15",
          "6 min 23 s",
          "✓ Completed",
        ],
        [
          "4",
          "densenet121-7c31aa90",
          "0.8056",
          "0.01",
          "16",
          "",
          "0.3117",
          "0.5821",
          "$0.046",
          "6 min 23 s",
          "✓ Completed",
        ],
        ["5", "my-script-5b6e0f11", "–", "", "", "400", "–", "–", "–", "6 min 23 s", "✓ Completed"],
        ["6", "densenet121-e5d0c1b2", "–", "1", "16", "", "–", "–", "$0.012", "91 s", "✕ Failed"],
      ],
    );
    assert.deepEqual(matrix[3], ["coronal_back", "0", "0", "5", "1", "0", "0"]);
    await page.close();
  });

  it("shows the curves over time where that is chosen, and takes the other runs back where one is pointed at", async () => {
    const page = await open(DATA, 1280);
    await page.click("#over-time");
    const [chart] = await ask<Chart[]>(page, "charts");
    assert.match(chart.label, /^val_accuracy of 4 runs over time/);
    assert.deepEqual([chart.lines, chart.dots], [4, 48]);
    await page.hover(".legend li.r2");
    const opacity = (run: string) =>
      page.evaluate(`getComputedStyle(document.querySelector(".by-time .run.${run}")).opacity`);
    assert.deepEqual([await opacity("r1"), await opacity("r2")], ["0.12", "1"]);
    await page.close();
  });

  it("unfolds everything that is on record of a run", async () => {
    const page = await open(DATA, 400);
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    assert.equal(await ask(page, "overflow"), 0);
    assert.deepEqual(await ask(page, "overlaps"), []);
    const [, , fallback] = await page.$$eval("details", (all) => all.map((each) => each.textContent ?? ""));
    for (const text of [
      "MaxWaitTimeExceeded",
      "s3://bucket/artifacts/densenet121-91be04c7-od/run.json",
      "lr0.003",
    ]) {
      assert.ok(fallback.includes(text), fallback);
    }
    assert.match(fallback, /densenet121-91be04c7\s*spot\s*Stopped.*no spot capacity came/s);
    await page.close();
  });

  it("runs nothing that a label, a metric, a class or a log may hold, and shows it as it is", async () => {
    const page = await open(HOSTILE, 400);
    await page.screenshot({ path: path.join(PICTURES, "report-hostile.png"), fullPage: true });
    assert.deepEqual(await ask(page, "active"), []);
    assert.equal(await page.evaluate("globalThis.ran"), undefined);
    assert.equal(await ask(page, "overflow"), 0);
    const seen = (await page.evaluate("document.body.textContent")) as string;
    for (const text of EVIL) assert.ok(seen.includes(text), `${text}\n\nis not in\n\n${seen}`);
    await page.close();
  });
});
