import * as Plot from "@observablehq/plot";
import { metricsOf, shown, shownMetric } from "../../../components/leaderboard";
import { own } from "../../../components/own";
import type { Run } from "../../compare/parameters";
import { COLORS, chart, classOf, colorOf, swatch } from "../chart";
import { type Curve, curvesOf, type MetricCurves, type Point } from "../curves";
import type { ReportData } from "../data";
import { plural, timeUnit } from "../format";
import { type Html, html } from "../html";
import { toldApartBy } from "../parameters";

const WIDTH = 340;
const HEIGHT = 220;
/** Points up to which each is marked; more would be a thick line. */
const MARKED = 40;

/** How each metric went in every run, a chart for each metric, over epochs and over time. */
export function learningSection({ runs, ranking }: ReportData): Html {
  const primary = ranking ? [ranking.metric] : [];
  const all = curvesOf(runs, [...primary, ...metricsOf(runs)]);
  if (all.length === 0) {
    return html`<section id="learning"><h2>Learning curves</h2>
    <p>No run has printed a metric that the expressions in <code>training:metrics</code> find in its log.</p></section>`;
  }
  const hasEpochs = all.some(({ curves }) => curves.some(({ byEpoch }) => byEpoch.length > 0));
  const grid = (draw: (each: MetricCurves) => Html) => html`<div class="charts">${all.map(draw)}</div>`;
  const switcher = html`<fieldset class="switch"><legend>Shown over</legend>
    <label><input type="radio" name="over" id="over-epoch" checked> epochs</label>
    <label><input type="radio" name="over" id="over-time"> time</label></fieldset>`;
  return html`<section id="learning"><h2>Learning curves</h2>
  <p>How each metric went while the runs trained${ranking && html`; ${ranking.metric} is what they are sorted by`}. Point at a name to see its run alone, at a point for its value.</p>
  ${hasEpochs && switcher}
  ${legend(runs, all, ranking?.metric)}
  ${hasEpochs && html`<div class="by-epoch">${grid((each) => metricChart(each, runs, "epoch"))}</div>`}
  <div class="${hasEpochs ? "by-time" : "only"}">${grid((each) => metricChart(each, runs, "time"))}</div></section>`;
}

/** The runs that have a curve, with what tells them apart and where they came to. */
function legend(runs: Run[], all: MetricCurves[], metric: string | undefined): Html {
  const drawn = new Set(all.flatMap(({ curves }) => curves.map(({ run }) => run)));
  const apart = toldApartBy(runs);
  const names = apart.tried.length > 0 ? apart.tried : apart.rest;
  const entries = runs.flatMap((run, rank) => {
    if (!drawn.has(run) || rank >= COLORS) return [];
    const set = names
      .filter(
        (name) => shown(own(run.parameters, name)) !== "" && shown(own(run.parameters, name)).length <= 16,
      )
      .slice(0, 3)
      .map((name) => `${name} ${shown(own(run.parameters, name))}`);
    const value = metric === undefined ? undefined : own(run.metrics, metric);
    return html`<li class="${classOf(rank)}">${swatch(rank)}<span class="name">${run.name}</span>
      <span class="set">${set.join(", ")}</span><span class="number">${shownMetric(value)}</span></li>`;
  });
  const others = [...drawn].filter((run) => runs.indexOf(run) >= COLORS).length;
  const rest =
    others > 0
      ? html`<li class="others">${swatch(COLORS)}<span class="name">${plural(others, "other run")}</span></li>`
      : "";
  return html`<ul class="legend">${entries}${rest}</ul>`;
}

function metricChart({ metric, curves }: MetricCurves, runs: Run[], over: "epoch" | "time"): Html {
  const of = ({ byEpoch, byTime }: Curve) => (over === "epoch" ? byEpoch : byTime);
  const shownCurves = curves.filter((curve) => of(curve).length > 0);
  const left = curves.length - shownCurves.length;
  const note =
    left > 0
      ? html`<p class="note">${plural(left, "run")} without epochs in the log: see over time.</p>`
      : "";
  if (shownCurves.length === 0) {
    return html`<figure class="metric"><figcaption>${metric}</figcaption>${note}</figure>`;
  }
  const longest = shownCurves
    .flatMap(of)
    .reduce((most, { x }) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const unit = over === "epoch" ? { name: "epoch", size: 1 } : timeUnit(longest);
  // The best on top.
  const marks = shownCurves.toReversed().flatMap((curve) => {
    const points = of(curve).map(({ x, value }) => ({ x: x / unit.size, value }));
    return marksOf(curve.run, runs.indexOf(curve.run), points, over === "epoch" ? "epoch" : unit.name);
  });
  const whole = over === "epoch" && longest <= 8;
  const drawn = chart(`${metric} of ${plural(shownCurves.length, "run")} over ${over}`, WIDTH, () => ({
    height: HEIGHT,
    marginLeft: 52,
    marginBottom: 42,
    marginRight: 14,
    x: {
      labelOffset: 34,
      label: over === "epoch" ? "epoch" : `${unit.name} of training`,
      nice: false,
      ticks: whole ? Array.from({ length: Math.floor(longest) + 1 }, (_, index) => index) : 5,
    },
    y: { label: null, nice: true, grid: true, ticks: 5, tickFormat: (value: number) => shownMetric(value) },
    marks,
  }));
  return html`<figure class="metric"><figcaption>${metric}</figcaption>${drawn}${note}</figure>`;
}

function marksOf({ name }: Run, rank: number, points: Point[], unit: string): Plot.Markish[] {
  const [stroke, className] = [colorOf(rank), `run ${classOf(rank)}`];
  const title = ({ x, value }: Point) => `${name}\n${unit} ${Number(x.toFixed(2))}: ${shownMetric(value)}`;
  const line = { x: "x", y: "value", stroke, className, strokeWidth: rank === 0 ? 2.5 : 1.5 };
  // Of hundreds of runs the points would be most of the page, and one grey run is told from another by its name alone.
  if (rank >= COLORS && points.length > 1)
    return [Plot.lineY(points, { ...line, title: () => name, z: null })];
  const dense = points.length > MARKED;
  return [
    Plot.lineY(points, line),
    Plot.dot(points, {
      ...{ x: "x", y: "value", title, className },
      ...(dense ? { r: 4, fill: "transparent", stroke: "none" } : { r: 2.5, fill: stroke, stroke: "none" }),
    }),
  ];
}
