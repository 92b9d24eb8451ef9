import { shownMetric } from "../../../components/leaderboard";
import { own } from "../../../components/own";
import type { ReportData } from "../data";
import { type Html, html } from "../html";
import type { Service } from "../services";

/** What is deployed, and whether it is the best there is. */
export function serviceSection(data: ReportData): Html {
  const { services } = data;
  const heading = html`<h2>In service</h2>`;
  if (!services)
    return html`<section id="service">${heading}<p>Not looked for: only buckets were named, and a stack of deploy/ tells what is deployed.</p></section>`;
  if (services.length === 0)
    return html`<section id="service">${heading}<p>Nothing is deployed. <code>npm run deploy${data.local ? "" : " -- --stack STACK"}</code> puts the model of a stack on an endpoint.</p></section>`;
  return html`<section id="service">${heading}${services.map((service) => one(service, data))}</section>`;
}

function one({ stack, endpointName, modelInService }: Service, { runs, best, ranking }: ReportData): Html {
  const { trainingJobName, artifact, image, metrics = {} } = modelInService;
  const place = runs.findIndex(({ name }) => name === trainingJobName);
  const value = (name: string) => shownMetric(own(metrics, name) ?? own(runs[place]?.metrics ?? {}, name));
  const told = !best
    ? ""
    : best.name === trainingJobName
      ? "It is the model of the best run."
      : html`The best run is <a href="#run-1">${best.name}</a>${ranking && `: ${ranking.metric} ${shownMetric(own(best.metrics, ranking.metric))} against ${value(ranking.metric) || "one that is not known"}`}.`;
  const facts: [string, Html | string | undefined][] = [
    ["endpoint", html`<code>${endpointName}</code>`],
    ["stack", stack],
    [
      "trained by",
      place < 0
        ? html`${trainingJobName ?? "not known"} <span class="soft">(not among these runs)</span>`
        : html`<a href="#run-${place + 1}">${trainingJobName}</a>`,
    ],
    [
      "metrics",
      Object.entries(metrics)
        .map(([name, figure]) => `${name} ${shownMetric(figure)}`)
        .join(", "),
    ],
    ["model", artifact && html`<code>${artifact}</code>`],
    ["trained in", image && html`<code>${image}</code>`],
  ];
  return html`<p>${told}</p><dl class="facts">${facts.map(([name, text]) => (text ? html`<dt>${name}</dt><dd>${text}</dd>` : ""))}</dl>`;
}
