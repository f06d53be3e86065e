// Draws the charts of the page with uPlot, from the JSON in #data (page.ts, scriptData).
(() => {
  const { charts, stages } = JSON.parse(document.getElementById('data').textContent);
  const WIDE = 600;
  // With so many points, only isolated ones get a mark.
  const MANY = 40;

  const plain = (value, digits) => String(Number(value.toPrecision(digits)));
  const formats = {
    share: (value) => `${plain(value, 5)} %`,
    duration: (value) => (value < 1000 ? `${plain(value, 3)} ms` : `${plain(value / 1000, 3)} s`),
    usd: (value) => `${value === 0 ? '0' : plain(value, 3)} USD`,
    tokens: (value) => plain(value, 6),
    ratio: (value) => plain(value, 4),
  };
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const iso = (seconds) => new Date(seconds * 1000).toISOString();
  // "5 Mar": a month's number could be a day.
  const dayOf = (seconds) =>
    new Date(seconds * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const minute = (seconds) => `${dayOf(seconds)} ${iso(seconds).slice(11, 16)}`;

  // The date is shown below the first time of each day.
  const timeLabels = (_plot, splits, _axis, _space, step) =>
    splits.map((split, at) => {
      const day = dayOf(split);
      if (step >= 86400) return day;
      const first = at === 0 || dayOf(splits[at - 1]) !== day;
      return first ? `${iso(split).slice(11, 16)}\n${day}` : iso(split).slice(11, 16);
    });

  // A share is never above 100 %. Its axis shows at least half a point, so that a tiny change does not look large.
  const yRange = (chart) => (_plot, low, high) => {
    if (low === null || high === null) return [0, 1];
    const [most, leastSpan] = chart.unit === 'share' ? [100, 0.5] : [Infinity, 0];
    const span = high - low;
    const pad = Math.max(0.1 * span, (leastSpan - span) / 2) || 0.1 * Math.abs(high) || 1;
    return [chart.fromZero ? 0 : Math.max(0, low - pad), Math.min(most, high + pad)];
  };

  // A single point, or points of one moment, are drawn in the middle of an hour.
  const HALF_HOUR = 1800;
  const xRange =
    ({ times }) =>
    () => {
      const [from, to] = [times[0] ?? 0, times.at(-1) ?? 0];
      return to > from ? [from, to] : [from - HALF_HOUR, to + HALF_HOUR];
    };

  const series = (chart) => (line) => ({
    label: line.label,
    class: line.kind,
    stroke: color(line.of),
    width: line.kind === 'main' ? 2 : 1.25,
    dash: line.kind === 'thin' ? [2, 3] : { official: [6, 3], gateway: [] }[line.of],
    points: {
      show: chart.times.length < MANY,
      // Of one moment, both arms may have the same value: the larger mark shows around the other.
      size: line.of === 'official' ? 9 : 5,
      filter: () => isolated(line.values),
    },
    value: (_plot, value) => (value === null || value === undefined ? '–' : formats[chart.unit](value)),
  });

  // Indices of values between two gaps; null if there are none.
  const isolated = (values) => {
    const gap = (at) => (values[at] ?? null) === null;
    const found = values.flatMap((_, at) => (!gap(at) && gap(at - 1) && gap(at + 1) ? [at] : []));
    return found.length === 0 || values.length < MANY ? null : found;
  };

  const axis = (more) => ({
    stroke: color('muted'),
    grid: { stroke: color('grid'), width: 1 },
    ticks: { stroke: color('grid'), width: 1 },
    ...more,
  });

  // Marks where each stage begins. The first one is marked at the left edge.
  const drawStages = (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = color('muted');
    ctx.fillStyle = color('muted');
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.setLineDash([devicePixelRatio, 4 * devicePixelRatio]);
    const { min, max } = plot.scales.x;
    const first = stages.findLast(({ at }) => at <= min);
    let free = 0;
    for (const { stage, at } of stages.filter(
      (each) => each === first || (each.at > min && each.at <= max),
    )) {
      const x = Math.round(plot.valToPos(Math.max(at, min), 'x', true));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      // A name that would cover the one before it is left out.
      if (x < free) continue;
      const name = stage.slice(0, 24);
      ctx.fillText(name, x, bbox.top - 5 * devicePixelRatio);
      free = x + ctx.measureText(`${name} `).width;
    }
    ctx.restore();
  };

  const sizeOf = (element) => ({
    width: Math.max(1, element.clientWidth),
    height: element.clientWidth < WIDE ? 220 : 260,
  });

  // Without a pointer on the chart, the legend shows the newest values.
  const showNewest = (plot) => {
    const newest = plot.data[0].length - 1;
    if (plot.legend.idx === null) plot.setLegend({ idx: newest }, false);
  };

  const draw = (chart, element) =>
    new uPlot(
      {
        ...sizeOf(element),
        padding: [20, null, null, null],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        scales: { x: { range: xRange(chart) }, y: { range: yRange(chart) } },
        // No zooming: it would work with the mouse only, and the way back is not obvious.
        cursor: { drag: { x: false, setScale: false } },
        axes: [
          axis({ values: timeLabels, space: 64 }),
          axis({
            values: (_plot, splits) => splits.map((split) => formats[chart.unit](split).replace(' USD', '')),
            size: (_plot, labels) => 18 + 7 * Math.max(4, ...(labels ?? []).map((label) => label.length)),
          }),
        ],
        series: [
          {
            label: 'until',
            value: (_plot, value) => (value ? minute(value) : '–'),
          },
          ...chart.lines.map(series(chart)),
        ],
        hooks: { drawClear: [drawStages], setLegend: [showNewest] },
      },
      [chart.times, ...chart.lines.map(({ values }) => values)],
      element,
    );

  const valuesAt = (chart, at) =>
    chart.lines
      .filter(({ values }) => (values[at] ?? null) !== null)
      .map(({ label, values }) => `${label} ${formats[chart.unit](values[at])}`)
      .join(', ');

  // A slider through time: arrow keys select a point, and screen readers read its values.
  const takeKeys = (chart, element, plotNow) => {
    const newest = chart.times.length - 1;
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity };
    const pointAt = (at) => {
      element.ariaValueNow = at;
      element.ariaValueText = `${minute(chart.times[at])}: ${valuesAt(chart, at) || 'no data'}`;
      return at;
    };
    let at = pointAt(newest);
    element.role = 'slider';
    element.tabIndex = 0;
    element.ariaValueMin = 0;
    element.ariaValueMax = newest;
    element.addEventListener('keydown', (event) => {
      const step = steps[event.key];
      if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      at = pointAt(Math.max(0, Math.min(newest, at + step)));
      plotNow().setCursor({ left: plotNow().valToPos(chart.times[at], 'x'), top: 0 });
    });
    element.addEventListener('blur', () => plotNow().setCursor({ left: -10, top: -10 }));
  };

  const redraws = charts.map((chart) => {
    const element = document.getElementById(`plot-${chart.id}`);
    let plot = draw(chart, element);
    takeKeys(chart, element, () => plot);
    new ResizeObserver(() => plot.setSize(sizeOf(element))).observe(element);
    return () => {
      plot.destroy();
      plot = draw(chart, element);
    };
  });

  const redraw = () => {
    for (const each of redraws) each();
  };
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', redraw);
  }
  // Paper is white, whatever the screen is.
  const printed = (isPrinted) => () => {
    document.documentElement.classList.toggle('printed', isPrinted);
    redraw();
  };
  addEventListener('beforeprint', printed(true));
  addEventListener('afterprint', printed(false));
})();
