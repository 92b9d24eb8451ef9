import { readFileSync } from "node:fs";
import path from "node:path";
import { shownCost, shownMetric } from "../../components/leaderboard";
import { own } from "../../components/own";
import { costsOf, sumOf } from "./costs";
import type { ReportData } from "./data";
import { plural } from "./format";
import { type Html, html, trusted } from "./html";
import { costSection } from "./sections/cost";
import { leaderboardSection } from "./sections/leaderboard";
import { learningSection } from "./sections/learning";
import { lifeSection } from "./sections/life";
import { mistakesSection } from "./sections/mistakes";
import { runsSection } from "./sections/runs";
import { serviceSection } from "./sections/service";

/**
 * The whole page as one file: no script, and nothing that is loaded. What is inlined is allowed by name, and all else forbidden to the
 * browser: whatever a label or a log may hold, it runs nothing and sends nothing.
 */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function pageOf(data: ReportData): string {
  const style = readFileSync(path.join(__dirname, "style.css"), "utf8");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${data.title}: training report</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${data.title}</h1>
<p class="soft">Training report of ${data.places.join(", ")}, made ${data.now.toISOString().slice(0, 16).replace("T", " ")} UTC</p>
<nav aria-label="Sections">${NAV.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
</header>
<main>
${tiles(data)}
${leaderboardSection(data)}
${learningSection(data)}
${mistakesSection(data)}
${costSection(data)}
${lifeSection(data)}
${serviceSection(data)}
${runsSection(data)}
</main>
</body>
</html>
`;
  return page.toString();
}

const NAV = [
  ["leaderboard", "Leaderboard"],
  ["learning", "Learning"],
  ["mistakes", "Mistakes"],
  ["cost", "Cost"],
  ["timeline", "Timeline"],
  ["service", "In service"],
  ["runs", "Each run"],
];

/** What one wants to know first. */
function tiles({ runs, best, ranking, services }: ReportData): Html {
  const counted = new Map<string, number>();
  for (const { status } of runs) counted.set(status, (counted.get(status) ?? 0) + 1);
  const statuses = [...counted].map(([status, count]) => `${count} ${status.toLowerCase()}`).join(", ");
  const sum = sumOf(costsOf(runs));
  const value = best && ranking && shownMetric(own(best.metrics, ranking.metric));
  const service = services?.[0];
  const all: [string, string, string][] = [
    [value || "–", value ? `best ${ranking?.metric}` : "no best run yet", best?.name ?? ""],
    [String(runs.length), runs.length === 1 ? "run" : "runs", statuses],
    [
      sum ? shownCost(sum.actual) : "–",
      "cost of all runs",
      sum && sum.savedPercent >= 0.5 ? `${Math.round(sum.savedPercent)} % below on demand` : "",
    ],
    [
      service ? (service.modelInService.trainingJobName ?? "a model") : "nothing",
      "in service",
      service ? (services.length > 1 ? plural(services.length, "endpoint") : service.endpointName) : "",
    ],
  ];
  return html`<ul class="tiles">${all.map(
    ([figure, what, more]) =>
      html`<li><span class="what">${what}</span><span class="figure${figure.length > 12 ? " long" : ""}">${figure}</span><span class="more">${more}</span></li>`,
  )}</ul>`;
}
