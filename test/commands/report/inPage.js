// Run in the page by page.spec.ts: what is seen, as texts and boxes. Each is a function without arguments.
({
  /** Pixels that the page is wider than its window. */
  overflow: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,

  /** Blocks of text that are wider than their box. */
  cut: () =>
    [...document.querySelectorAll("h1, h2, h3, h4, p, li, dt, dd, pre, figcaption, summary, caption")]
      .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
      .filter((each) => getComputedStyle(each).display !== "inline")
      .map((each) => each.textContent.trim().slice(0, 60)),

  /** Pairs of boxes of one kind that lie over each other. */
  overlaps: () => {
    const groups = [
      [...document.querySelectorAll("header, main > *")],
      [...document.querySelectorAll(".tiles > li")],
      [...document.querySelectorAll("figure.metric")],
      ...[...document.querySelectorAll("section")].map((section) => [...section.children]),
      ...[...document.querySelectorAll("table")].map((table) => [...table.querySelectorAll("th, td")]),
      ...[...document.querySelectorAll("ul.legend")].map((list) => [...list.children]),
      ...[...document.querySelectorAll("svg.chart")].map((svg) => [...svg.querySelectorAll("text")]),
    ];
    const found = [];
    for (const group of groups) {
      const boxes = group
        .filter((each) => each.checkVisibility())
        .map((each) => [each, each.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && box.height > 0);
      for (const [index, [a, one]] of boxes.entries()) {
        for (const [b, two] of boxes.slice(index + 1)) {
          const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
          const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
          if (wide > 1.5 && high > 1.5) {
            found.push(`${a.textContent.trim().slice(0, 40)} | ${b.textContent.trim().slice(0, 40)}`);
          }
        }
      }
    }
    return found;
  },

  /** Of every chart that is shown: what it shows, its marks, and which of its texts stick out. */
  charts: () =>
    [...document.querySelectorAll(".drawn")]
      .filter((each) => each.checkVisibility())
      .map((each) => {
        const frame = each.querySelector("svg").getBoundingClientRect();
        const box = each.parentElement.getBoundingClientRect();
        const outside = [...each.querySelectorAll("text")]
          .filter((text) => {
            const { left, right, top, bottom } = text.getBoundingClientRect();
            return (
              left < frame.left - 1 ||
              right > frame.right + 1 ||
              top < frame.top - 1 ||
              bottom > frame.bottom + 1
            );
          })
          .map((text) => text.textContent);
        return {
          label: each.getAttribute("aria-label"),
          lines: each.querySelectorAll("[aria-label=line] path[d^=M]").length,
          dots: each.querySelectorAll("[aria-label=dot] circle").length,
          bars: each.querySelectorAll("[aria-label=bar] rect, [aria-label=bar] path").length,
          outside,
          fits: frame.width > 0 && frame.right <= box.right + 1,
        };
      }),

  /** What a page without scripts must not have. */
  active: () =>
    [...document.querySelectorAll("*")]
      .filter(
        (each) =>
          /^(script|iframe|object|embed|img|link|base|form|svg:script)$/i.test(each.tagName) ||
          [...each.attributes].some(
            ({ name, value }) => /^on/i.test(name) || /^\s*(javascript|data|vbscript):/i.test(value),
          ),
      )
      .map((each) => each.outerHTML.slice(0, 80)),

  /** The least contrast between a text of the page and what is behind it (WCAG 2.2, 1.4.3), with that text. */
  contrast: () => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgb = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r, g, b]) =>
      [r, g, b]
        .map((each) => each / 255)
        .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
        .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = (each) => {
      for (let at = each; at; at = at.parentElement) {
        const color = rgb(getComputedStyle(at).backgroundColor);
        if (color[3] === 255) return color;
      }
      return [255, 255, 255, 255];
    };
    let least = { ratio: 21, text: "" };
    for (const each of document.querySelectorAll(
      "h1, h2, h3, h4, p, a, li, dt, dd, th, td, pre, span, b, caption, label, summary",
    )) {
      const own = [...each.childNodes].filter(
        (node) => node.nodeType === 3 && node.textContent.trim() !== "",
      );
      if (own.length === 0 || !each.checkVisibility()) continue;
      const [one, two] = [luminance(rgb(getComputedStyle(each).color)), luminance(behind(each))].sort(
        (a, b) => b - a,
      );
      const ratio = (one + 0.05) / (two + 0.05);
      if (ratio < least.ratio) least = { ratio, text: each.textContent.trim().slice(0, 40) };
    }
    return least;
  },

  /** The cells of a table that is found by its label, row by row. */
  tables: () =>
    Object.fromEntries(
      [...document.querySelectorAll("[role=region]")].map((region) => [
        region.getAttribute("aria-label"),
        [...region.querySelectorAll("tr")].map((row) =>
          [...row.children].map((cell) => cell.textContent.replace(/\s+/g, " ").trim()),
        ),
      ]),
    ),
});
