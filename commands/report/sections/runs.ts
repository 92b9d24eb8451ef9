import { shown, shownCost, shownMetric } from "../../../components/leaderboard";
import type { Run } from "../../compare/parameters";
import { swatch } from "../chart";
import type { ReportData } from "../data";
import { shownSeconds, shownTime } from "../format";
import { type Html, html, link } from "../html";
import { statusOf } from "./leaderboard";

/** Everything on record of each run, folded. */
export function runsSection({ runs, local }: ReportData): Html {
  return html`<section id="runs"><h2>Each run</h2>
  <p>All that was set, and where everything is: what it takes to train the same again.</p>
  ${runs.map((run, rank) => one(run, rank, local))}</section>`;
}

function one(run: Run, rank: number, local: boolean): Html {
  const { record } = run;
  const git = record.source?.git;
  const facts: [string, Html | string | null | undefined | false][] = [
    ["started (UTC)", shownTime(record.startTime)],
    ["ended (UTC)", shownTime(record.endTime)],
    ["cost", shownCost(run.cost)],
    ["model", record.modelArtifact ? html`<code>${record.modelArtifact}</code>` : "none"],
    ["image", html`<code>${record.image}</code>`],
    ["code", record.source && html`<code>${record.source.uri}</code>`],
    ["commit", git && html`<code>${git.commit}</code>${git.clean ? "" : " and changes that are not in it"}`],
    ["record", html`<code>${run.uri}</code>`],
    ["log", local ? html`<code>npm run logs -- --job ${run.name}</code>` : link(record.logUrl, "CloudWatch")],
    ["job", !local && link(record.consoleUrl, "SageMaker console")],
  ];
  const metrics = Object.entries(run.metrics).map(([name, value]) => [name, shownMetric(value)]);
  const parameters = Object.entries(run.parameters).map(([name, value]) => [name, shown(value)]);
  return html`<details id="run-${rank + 1}"><summary>${swatch(rank)}<span class="name">${run.name}</span> ${statusOf(run.status)} <span class="soft">${shownTime(record.startTime).slice(0, 16)}</span></summary>
  ${record.failureReason && html`<pre>${record.failureReason}</pre>`}
  <dl class="facts">${facts.map(([name, text]) => (text ? html`<dt>${name}</dt><dd>${text}</dd>` : ""))}</dl>
  <div class="side">${pairs("What was set", parameters)}${pairs("Metrics at the end", metrics)}</div>
  ${attempts(run)}${steps(run)}</details>`;
}

const pairs = (title: string, rows: string[][]): Html | "" => {
  const known = rows.filter(([, value]) => value !== "");
  return known.length === 0
    ? ""
    : html`<div><h4>${title}</h4><dl class="facts">${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>`;
};

function attempts({ record }: Run): Html | "" {
  if (record.attempts.length < 2) return "";
  return html`<h4>Jobs of this training</h4><div class="scroll" tabindex="0" role="region" aria-label="Jobs"><table>
  <thead><tr><th scope="col">job</th><th scope="col">bought</th><th scope="col">status</th><th scope="col" class="number">trained for</th><th scope="col" class="number">billed</th><th scope="col">why it ended</th></tr></thead>
  <tbody>${record.attempts.map((each) => html`<tr><th scope="row">${each.trainingJobName}</th><td>${each.purchaseOption}</td><td>${each.status}${each.secondaryStatus !== each.status && ` (${each.secondaryStatus})`}</td><td class="number">${shownSeconds(each.trainingSeconds)}</td><td class="number">${shownSeconds(each.billableSeconds)}</td><td class="reason">${each.reason}</td></tr>`)}</tbody></table></div>`;
}

function steps({ record }: Run): Html | "" {
  if (record.timeline.length === 0) return "";
  return html`<h4>Steps</h4><div class="scroll" tabindex="0" role="region" aria-label="Steps"><table>
  <thead><tr><th scope="col">step</th><th scope="col">from (UTC)</th><th scope="col" class="number">took</th><th scope="col">what SageMaker said</th></tr></thead>
  <tbody>${record.timeline.map(({ status, startTime, endTime, message }) => html`<tr><th scope="row">${status}</th><td class="time">${shownTime(startTime)}</td><td class="number">${endTime ? shownSeconds((Date.parse(endTime) - Date.parse(startTime)) / 1000) : ""}</td><td class="reason">${message}</td></tr>`)}</tbody></table></div>`;
}
