import { metricsOf, shown, shownCost, shownMetric } from "../../../components/leaderboard";
import { own } from "../../../components/own";
import type { Run } from "../../compare/parameters";
import { swatch } from "../chart";
import type { ReportData } from "../data";
import { shownSeconds, shownTime } from "../format";
import { type Html, html } from "../html";
import { toldApartBy } from "../parameters";

/** All runs, the best first, with the parameters that tell them apart. */
export function leaderboardSection({ runs, ranking, best }: ReportData): Html {
  const apart = toldApartBy(runs);
  const [tried, rest] = [apart.tried, apart.rest].map((names) => names.map((name) => columnOf(runs, name)));
  const metrics = metricsOf(runs).filter((name) => name !== ranking?.metric);
  const order = ranking
    ? html`Sorted by <b>${ranking.metric}</b>, ${ranking.direction === "max" ? "highest" : "lowest"} first; runs without a model come last.`
    : html`No run has a metric, so nothing sorts them.`;
  const told = tried.length + rest.length > 0 ? "Of the parameters only those are shown that differ." : "";
  const head = html`<tr>
    <th scope="col" class="number">#</th><th scope="col" class="first">run</th>
    ${ranking && html`<th scope="col" class="number sorted" aria-sort="${ranking.direction === "max" ? "descending" : "ascending"}">${ranking.metric}</th>`}
    ${tried.map(parameterHead)}
    ${metrics.map((name) => html`<th scope="col" class="number">${name}</th>`)}
    <th scope="col" class="number">cost</th><th scope="col" class="number">trained for</th><th scope="col">status</th>
    ${rest.map(parameterHead)}
    <th scope="col">ended (UTC)</th></tr>`;
  const rows = runs.map(
    (run, rank) => html`<tr${run === best ? html` class="best"` : ""}>
    <td class="number">${rank + 1}</td>
    <th scope="row" class="first"><a href="#run-${rank + 1}">${swatch(rank)}${run.name}</a>${run === best ? html` <span class="tag">best</span>` : ""}</th>
    ${ranking && html`<td class="number sorted">${figure(own(run.metrics, ranking.metric))}</td>`}
    ${tried.map((column) => parameterCell(run, column))}
    ${metrics.map((name) => html`<td class="number">${figure(own(run.metrics, name))}</td>`)}
    <td class="number">${shownCost(run.cost) || NONE}</td><td class="number">${shownSeconds(run.seconds)}</td><td>${statusOf(run.status)}</td>
    ${rest.map((column) => parameterCell(run, column))}
    <td class="time">${shownTime(run.record.endTime).slice(0, 16)}</td></tr>`,
  );
  return html`<section id="leaderboard"><h2>Leaderboard</h2>
  <p>${order} ${told}</p>
  <div class="scroll" tabindex="0" role="region" aria-label="Leaderboard"><table class="ranking">
  <thead>${head}</thead><tbody>${rows}</tbody></table></div>${failures(runs)}</section>`;
}

interface Column {
  name: string;
  /** A column of numbers is aligned to the right. */
  kind: "number" | "value";
}

function columnOf(runs: Run[], name: string): Column {
  const set = runs.map(({ parameters }) => shown(own(parameters, name))).filter((text) => text !== "");
  return { name, kind: set.every((text) => Number.isFinite(Number(text))) ? "number" : "value" };
}

const parameterHead = ({ name, kind }: Column): Html => html`<th scope="col" class="${kind}">${name}</th>`;
const parameterCell = (run: Run, { name, kind }: Column): Html =>
  html`<td class="${kind}" title="${shown(own(run.parameters, name))}">${shown(own(run.parameters, name))}</td>`;

const NONE = html`<span class="none">–</span>`;

/** None is a dash, so that nobody looks for a figure. */
const figure = (value: number | undefined): string | Html =>
  value === undefined ? NONE : shownMetric(value);

const SIGNS: Record<string, string> = { Completed: "✓", Failed: "✕", Stopped: "■" };

export const statusOf = (status: string): Html =>
  html`<span class="status ${Object.hasOwn(SIGNS, status) ? status.toLowerCase() : "unknown"}"><span aria-hidden="true">${own(SIGNS, status) ?? "…"}</span> ${status}</span>`;

/** Why runs ended without a model, in the words of SageMaker and of the script, whole. */
function failures(runs: ReportData["runs"]): Html | "" {
  const failed = runs.map((run, rank) => ({ run, rank })).filter(({ run }) => run.status !== "Completed");
  if (failed.length === 0) return "";
  return html`<h3>What went wrong</h3>${failed.map(
    ({
      run,
      rank,
    }) => html`<div class="failure"><h4><a href="#run-${rank + 1}">${swatch(rank)}${run.name}</a> ${statusOf(run.status)}</h4>
    <pre>${run.record.failureReason ?? run.record.attempts.at(-1)?.reason ?? `SageMaker gives no reason; its last status was ${run.record.secondaryStatus}.`}</pre></div>`,
  )}`;
}
