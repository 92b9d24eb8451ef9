import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Html, html, trusted } from "./html";

/** Plot draws into a document, and Node has none. */
const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as Pick<
  Plot.PlotOptions,
  "document"
>;

/** What a chart needs to be drawn, at a width in CSS pixels. */
export type Drawing = (width: number) => Plot.PlotOptions;

/** Widths that fit into the page at 1280 and at 400 pixels. */
const WIDE = 1080;
const NARROW = 336;

/** A chart as SVG, which needs no script. `label` tells what it shows to who does not see it; labels of axes and marks may be of any text. */
export function chart(label: string, width: number, draw: Drawing): Html {
  const svg = Plot.plot({
    document,
    className: "chart",
    width,
    style: { fontSize: "12px", fontFamily: "inherit", background: "transparent" } as never,
    ...draw(width),
  });
  return html`<div class="drawn" role="img" aria-label="${label}">${trusted(svg.outerHTML)}</div>`;
}

/** The same chart for wide and for narrow windows, of which the page shows one: a chart that is shrunk cannot be read. */
export const responsive = (label: string, draw: Drawing): Html =>
  html`<div class="wide">${chart(label, WIDE, draw)}</div><div class="narrow">${chart(label, NARROW, draw)}</div>`;

/** Colors that tell runs apart, in style.css; runs beyond them are grey. */
export const COLORS = 8;

/** The class and the color of a run by its place in the ranking. */
export const colorOf = (rank: number): string => (rank < COLORS ? `var(--c${rank + 1})` : "var(--other)");
export const classOf = (rank: number): string => (rank < COLORS ? `r${rank + 1}` : "others");

/** The sign of a run's color, before its name. */
export const swatch = (rank: number): Html =>
  html`<span class="swatch ${classOf(rank)}" aria-hidden="true"></span>`;
