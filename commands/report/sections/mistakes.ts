import { type Confusion, imagesOf, mistakes, perClass, rightOf } from "../confusion";
import type { ReportData } from "../data";
import { plural, shownShare } from "../format";
import { type Html, html } from "../html";

/** Classes up to which the whole matrix can be taken in at a glance. */
const MATRIX = 20;
const LISTED = 15;

/** Which classes the best run's model takes for which. */
export function mistakesSection({ best, confusion }: ReportData): Html {
  const heading = html`<h2>Where the best model errs</h2>`;
  if (!best || typeof confusion === "string") {
    const why = typeof confusion === "string" ? confusion : "no run has both a model and a metric yet";
    return html`<section id="mistakes">${heading}<p>No confusion matrix: ${why}.</p>
    <p class="note">train/train.py writes one into the model's metrics.json: <code>confusion_matrix</code> (rows: true class), <code>classes</code>.</p></section>`;
  }
  const [images, right] = [imagesOf(confusion), rightOf(confusion)];
  const [worst] = mistakes(confusion);
  const told = worst
    ? html`Most often it took <b>${worst.truth}</b> for <b>${worst.said}</b>: ${worst.count} of ${plural(worst.of, "image")}.`
    : "It made no mistake.";
  const epoch = confusion.epoch === undefined ? "" : ` after epoch ${confusion.epoch}`;
  return html`<section id="mistakes">${heading}
  <p>The model of ${best.name}${epoch} has ${right} of ${plural(images, "validation image")} right (${shownShare(right, images)}). ${told}</p>
  <div class="side">${confusion.classes.length <= MATRIX ? matrix(confusion) : list(confusion)}${classes(confusion)}</div></section>`;
}

function matrix({ classes, counts }: Confusion): Html {
  const head = classes.map((name) => html`<th scope="col" class="said"><span>${name}</span></th>`);
  const rows = classes.map((name, truth) => {
    const all = counts[truth].reduce((sum, each) => sum + each, 0);
    const cells = counts[truth].map((count, said) => {
      const share = all === 0 ? 0 : count / all;
      const kind = truth === said ? "hit" : count > 0 ? "miss" : "zero";
      const title = `${name} taken for ${classes[said]}: ${count} of ${all}${all === 0 ? "" : ` (${shownShare(count, all)})`}`;
      return html`<td class="${kind}${share > 0.55 ? " strong" : ""}" style="--share:${Math.round(share * 100)}%" title="${title}">${count}</td>`;
    });
    return html`<tr><th scope="row">${name}</th>${cells}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="matrix">
  <caption>Rows: what the image is. Columns: what the model said.</caption>
  <thead><tr><td></td>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Of many classes, the mistakes alone. */
function list(confusion: Confusion): Html {
  const all = mistakes(confusion);
  const rows = all
    .slice(0, LISTED)
    .map(
      ({ truth, said, count, of }) =>
        html`<tr><th scope="row">${truth}</th><td>${said}</td><td class="number">${count}</td><td class="number">${of}</td></tr>`,
    );
  const rest = all.length > LISTED ? ` The ${LISTED} most frequent of ${all.length}.` : "";
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Mistakes"><table>
  <caption>What was taken for what.${rest}</caption>
  <thead><tr><th scope="col">is</th><th scope="col">taken for</th><th scope="col" class="number">times</th><th scope="col" class="number">images</th></tr></thead>
  <tbody>${rows}</tbody></table></div>`;
}

function classes(confusion: Confusion): Html {
  const rows = perClass(confusion).map(
    ({ name, images, said, right }) => html`<tr><th scope="row">${name}</th><td class="number">${images}</td>
    <td class="number">${shownShare(right, images)}</td><td class="number">${shownShare(right, said)}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Classes"><table>
  <caption>Found: of the images of a class, how many it saw as such (recall). Right: of what it called so, how many were (precision).</caption>
  <thead><tr><th scope="col">class</th><th scope="col" class="number">images</th><th scope="col" class="number">found</th><th scope="col" class="number">right</th></tr></thead>
  <tbody>${rows}</tbody></table></div>`;
}
