// Draws what a table says above it. The table stays: it is what is read without scripts, and by those who do not see.
(() => {
  const HUES = ["--bar", "--warn", "--good", "--soft"];
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = (cell) => Number(cell.textContent.replace(/[^0-9.]/g, ""));

  const read = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows].filter((row) => row.cells.length === heads.length);
    const counted = heads.map((_, at) => at).filter((at) => heads[at].matches("[data-drawn]"));
    return {
      names: counted.map((at) => heads[at].textContent),
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      columns: counted.map((at) => rows.map((row) => number(row.cells[at]))),
    };
  };

  // One bar stands on its place, two stand at either side of it.
  const bars = (at, many) => uPlot.paths.bars({ size: [0.7 / many, 64], align: many === 1 ? 0 : 2 * at - 1 });

  const draw = (box) => {
    const table = document.getElementById(box.dataset.of);
    const { names, labels, columns } = read(table);
    if (!labels.length) return;
    const isBars = box.dataset.plot === "bars";
    const ink = colour("--soft"), line = colour("--line");
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, font: "11px system-ui" };
    const width = box.clientWidth;
    const room = Math.max(1, Math.ceil(labels.length / Math.max(1, Math.floor(width / 95))));
    const short = (text) => (text.length > 16 ? `${text.slice(0, 15)}…` : text);
    box.replaceChildren();
    new uPlot({
      width,
      height: 220,
      legend: { show: columns.length > 1 },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false, range: () => [-0.5, labels.length - 0.5] }, y: { range: (_, __, top) => [0, Math.max(1, top * 1.1)] } },
      axes: [
        { ...axis, grid: { show: false }, splits: () => labels.map((_, at) => at).filter((at) => at % room === 0), values: (_, at) => at.map((one) => short(labels[one] ?? "")) },
        { ...axis, size: 56 },
      ],
      series: [
        { label: table.tHead.rows[0].cells[0].textContent, value: (_, at) => labels[at] ?? "" },
        ...columns.map((_, at) => ({
          label: names[at],
          value: (_, count) => count ?? "",
          stroke: colour(HUES[at]),
          width: 2,
          fill: isBars ? colour(HUES[at]) : undefined,
          paths: isBars ? bars(at, columns.length) : undefined,
          points: { show: !isBars && labels.length < 40 },
        })),
      ],
    }, [labels.map((_, at) => at), ...columns], box);
  };

  const all = () => document.querySelectorAll("[data-plot]").forEach((box) => { box.hidden = false; draw(box); });
  all();
  let waiting = 0;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(all, 150); });
  new MutationObserver(all).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
