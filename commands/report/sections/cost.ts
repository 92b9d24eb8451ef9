import * as Plot from "@observablehq/plot";
import { shownCost } from "../../../components/leaderboard";
import { responsive, swatch } from "../chart";
import { type CostSum, comparedWithEc2, costsOf, type RunCost, sumOf } from "../costs";
import type { ReportData } from "../data";
import { plural, shownSeconds } from "../format";
import { type Html, html } from "../html";

/** What the runs cost, against on demand and against a machine on EC2 that is left on. */
export function costSection({ runs, local }: ReportData): Html {
  const costs = costsOf(runs);
  const sum = sumOf(costs);
  const compared = comparedWithEc2(costs);
  const bases = [...new Set(costs.map(({ basis }) => basis))];
  return html`<section id="cost"><h2>Cost</h2>
  <p>${sum ? together(sum, runs.length) : "No price is known for any of these runs."}${local && sum ? " Nothing was billed: these runs are of the local AWS, and the figures are what AWS would charge for the same seconds." : ""}</p>
  ${compared && againstEc2(compared)}
  <div class="scroll" tabindex="0" role="region" aria-label="Costs"><table>
  <thead><tr><th scope="col" class="first">run</th><th scope="col">machines</th><th scope="col" class="number">trained for</th><th scope="col" class="number">billed</th>
  <th scope="col" class="number">cost</th><th scope="col" class="number">on demand</th><th scope="col" class="number">saved</th><th scope="col" class="number">EC2, left on for a day</th></tr></thead>
  <tbody>${costs.map(row)}</tbody></table></div>
  <p class="note">Prices: ${bases.join("; ")}. On demand: the same seconds at the full price. Cost and saving count all attempts of a run, the seconds are those of its last.</p></section>`;
}

function together({ actual, onDemand, savedPercent, known }: CostSum, runs: number): Html {
  const unknown = known < runs ? ` Not counted: ${plural(runs - known, "run")} of unknown cost.` : "";
  const saved =
    savedPercent >= 0.5
      ? html` On demand the same training would cost ${shownCost(onDemand)}: managed spot saved ${Math.round(savedPercent)} %.`
      : "";
  return html`${known === 1 ? "One run" : `${known} runs`} cost <b>${shownCost(actual)}</b>.${saved}${unknown}`;
}

function row({ run, machines, actual, onDemand, savedPercent, ec2Idle }: RunCost, rank: number): Html {
  return html`<tr><th scope="row" class="first">${swatch(rank)}${run.name}</th><td class="machines">${machines}</td>
  <td class="number">${shownSeconds(run.seconds)}</td><td class="number">${shownSeconds(run.record.billableSeconds)}</td>
  <td class="number">${money(actual)}</td><td class="number">${money(onDemand)}</td>
  <td class="number">${savedPercent !== undefined && savedPercent > 0 ? `${Math.round(savedPercent)} %` : ""}</td><td class="number">${money(ec2Idle)}</td></tr>`;
}

const money = (usd: number | undefined): string | Html =>
  usd === undefined ? html`<span class="none">–</span>` : shownCost(usd);

/** The comparison of the tutorial, for a run of one's own. */
function againstEc2({ run, machines, actual = 0, onDemand, ec2Idle = 0 }: RunCost): Html {
  const bars = [
    { what: "this run", usd: actual, fill: "var(--c1)" },
    ...(onDemand === undefined ? [] : [{ what: "on demand", usd: onDemand, fill: "var(--c7)" }]),
    { what: "EC2, left on for a day", usd: ec2Idle, fill: "var(--c2)" },
  ];
  const times = actual > 0 ? ec2Idle / actual : 0;
  const label = bars.map(({ what, usd }) => `${what} ${shownCost(usd)}`).join(", ");
  const most = Math.max(...bars.map(({ usd }) => usd));
  return html`<h3>Against a machine that is left on</h3>
  <p>${run.name} cost ${shownCost(actual)} on ${machines}. The same hardware rented from EC2 and left on for a day is ${shownCost(ec2Idle)}${times >= 2 ? `, ${Math.round(times).toLocaleString("en-US")} times as much` : ""}: a training job ends and is no longer billed. For one that keeps its machine busy all day, EC2 is cheaper by the hour.</p>
  ${responsive(label, (width) => ({
    height: 28 + bars.length * 46,
    marginLeft: 4,
    marginRight: 70,
    marginTop: 4,
    marginBottom: 24,
    // Room for the figure behind the longest bar.
    x: { axis: null, domain: [0, most || 1], range: [4, width - 70] },
    y: { axis: null, domain: bars.map(({ what }) => what), paddingInner: 0.55, paddingOuter: 0.35 },
    marks: [
      Plot.barX(bars, { x: "usd", y: "what", fill: "fill", insetRight: -2, rx: 2, className: "bar" }),
      Plot.text(bars, { x: 0, y: "what", text: "what", textAnchor: "start", dy: -20 }),
      Plot.text(bars, {
        ...{ x: "usd", y: "what", textAnchor: "start", dx: 8, fontWeight: 600 },
        text: ({ usd }: { usd: number }) => shownCost(usd),
      }),
    ],
  }))}`;
}
