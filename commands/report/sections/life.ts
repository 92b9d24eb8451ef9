import * as Plot from "@observablehq/plot";
import { responsive, swatch } from "../chart";
import type { ReportData } from "../data";
import { plural, shownSeconds, timeUnit } from "../format";
import { type Html, html } from "../html";
import { type Lane, lanesOf, PHASES, type Segment } from "../timeline";

/** Runs in the picture; of more, those with interruptions and earlier attempts first. */
const LANES = 20;

/** What each run spent its time on, with the interruptions of spot machines and the jobs before the last one. */
export function lifeSection({ runs }: ReportData): Html {
  const all = lanesOf(runs);
  const heading = html`<h2>Timeline</h2>`;
  if (all.length === 0)
    return html`<section id="timeline">${heading}<p>No record tells the steps of its job.</p></section>`;
  const eventful = all.filter(({ interruptions, earlier }) => interruptions + earlier > 0);
  const lanes =
    all.length <= LANES ? all : [...new Set([...eventful, ...all])].slice(0, LANES).sort(byPlace(all));
  const cut =
    lanes.length < all.length ? ` ${lanes.length} of ${all.length} runs; the others are below.` : "";
  const phases = new Set(lanes.flatMap(({ segments }) => segments.map(({ phase }) => phase)));
  return html`<section id="timeline">${heading}
  <p>What the last job of each run spent its time on, from when it was created.${cut}</p>
  <ul class="legend">${PHASES.filter(({ phase }) => phases.has(phase)).map(
    ({ phase, label }) =>
      html`<li><span class="swatch phase ${phase}" aria-hidden="true"></span>${label}</li>`,
  )}</ul>
  ${picture(lanes)}${eventful.length > 0 ? events(eventful, runs) : html`<p>No run was interrupted, and none needed a second job.</p>`}</section>`;
}

const byPlace = (all: Lane[]) => (a: Lane, b: Lane) => all.indexOf(a) - all.indexOf(b);

function picture(lanes: Lane[]): Html {
  const longest = Math.max(...lanes.flatMap(({ segments }) => segments.map(({ to }) => to)), 1);
  const unit = timeUnit(longest);
  const bars = lanes.flatMap(({ segments }, lane) =>
    segments.map((segment) => ({
      lane,
      from: segment.from / unit.size,
      to: segment.to / unit.size,
      fill: `var(--${segment.phase})`,
      title: titleOf(segment),
    })),
  );
  const labels = lanes.map(({ run, interruptions, earlier, segments }, lane) => ({
    lane,
    label: run.name,
    took: shownSeconds(segments.at(-1)?.to),
    more: [
      interruptions > 0 ? plural(interruptions, "interruption") : "",
      earlier > 0 ? `after ${plural(earlier, "other job")}` : "",
    ]
      .filter((part) => part !== "")
      .join(", "),
  }));
  const told = (wide: boolean) => (each: (typeof labels)[number]) =>
    [each.took, ...(wide && each.more !== "" ? [each.more] : [])].join(", ");
  const label = labels.map((each) => `${each.label}: ${told(true)(each)}`).join("; ");
  return responsive(label, (width) => ({
    height: 44 + lanes.length * 44,
    marginLeft: 4,
    marginRight: 16,
    marginTop: 4,
    marginBottom: 42,
    x: {
      labelOffset: 34,
      domain: [0, longest / unit.size],
      label: `${unit.name} since the job was created`,
      grid: true,
      ticks: 6,
    },
    y: { axis: null, domain: [...lanes.keys()], paddingInner: 0.62, paddingOuter: 0.4 },
    marks: [
      Plot.barX(bars, { x1: "from", x2: "to", y: "lane", fill: "fill", title: "title", className: "step" }),
      Plot.text(labels, { x: 0, y: "lane", text: "label", textAnchor: "start", dy: -18 }),
      Plot.text(labels, {
        // A narrow picture has no room for both beside the name: what happened is told in words below it.
        ...{ y: "lane", text: told(width > 600), textAnchor: "end", dy: -18, className: "soft" },
        frameAnchor: "right",
      }),
    ],
  }));
}

const titleOf = ({ status, from, to, message }: Segment): string =>
  `${status}, ${shownSeconds(to - from)}${message === "" ? "" : `\n${message}`}`;

/** In words, for each run that did not go straight to its end. */
function events(lanes: Lane[], runs: ReportData["runs"]): Html {
  const entries = lanes.map(({ run, segments }) => {
    const interrupted = segments
      .filter(({ phase }) => phase === "interrupted")
      .map(
        ({ from, message }) =>
          html`<li><b>Interrupted</b> ${shownSeconds(from)} after its creation.${message && html` <q>${message}</q>`}</li>`,
      );
    const attempts = run.record.attempts
      .slice(0, -1)
      .map(
        ({ trainingJobName, purchaseOption, status, secondaryStatus, reason }) =>
          html`<li><b>${purchaseOption === "spot" ? "A spot job" : "A job on demand"}</b> before it, ${trainingJobName}, ended ${status} (${secondaryStatus}).${reason && html` <q>${reason}</q>`}</li>`,
      );
    const then =
      attempts.length > 0
        ? html`<li>Then <b>${run.record.attempts.at(-1)?.purchaseOption === "spot" ? "a spot job" : "a job on demand"}</b>, ${run.name}, ended ${run.status}.</li>`
        : "";
    return html`<div class="event"><h4>${swatch(runs.indexOf(run))}${run.name}</h4><ul>${attempts}${then}${interrupted}</ul></div>`;
  });
  return html`<h3>Interruptions and attempts</h3>${entries}`;
}
