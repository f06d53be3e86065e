/** A dashboard for Grafana: both arms side by side, and what each class of errors means. */
import { NEXT_STEP } from '../../check/exchanges.ts';
import { ARMS, type Arm } from '../../config/arms.ts';
import { ERROR_CLASSES } from '../../gateway/refusal.ts';
import type { PanelQueries } from '../../measure/sources/panel-queries.ts';
import { markdownTable } from '../../wording/markdown.ts';
import { documentOf } from './documents.ts';

/** Grafana replaces it with a range that fits the scrape interval and the zoom. */
export const GRAFANA_WINDOW = '$__rate_interval';
/** Of Grafana 12; newer ones read it, too. */
const SCHEMA_VERSION = 41;
const SOURCE = { type: 'prometheus', uid: '$datasource' };
const COLUMNS = 24;
const HEIGHT = 8;

type Numbers = Exclude<keyof PanelQueries, 'classes'>;

/** The figures of a panel, with Grafana's unit. */
const PANELS: readonly (readonly [
  title: string,
  unit: string,
  figures: readonly Numbers[],
  about: string,
])[] = [
  ['Success rate', 'percent', ['success'], 'Of all requests. What users see is better, since clients retry.'],
  ['Latency', 's', ['p50', 'p95'], 'Half of the requests take at most p50, and 95 % at most p95.'],
  ['Cost per request', 'currencyUSD', ['cost'], 'As the exporter priced it.'],
  ['Cached input', 'percent', ['cached'], 'Of the input tokens. A small share has cold caches.'],
  ['Requests', 'reqps', ['requests'], 'The share on the gateway should be the one of the stage.'],
  [
    'Errors by reason',
    'reqps',
    ['errors'],
    "In the exporter's words; the table below explains classes of errors.",
  ],
];

/** @param queries in {@link GRAFANA_WINDOW} */
export function grafanaDashboard(
  name: string,
  title: string,
  queries: Readonly<Record<Arm, PanelQueries | null>>,
): string {
  const charts = PANELS.flatMap(([panel, unit, figures, description]) => {
    const targets = ARMS.flatMap((arm) =>
      figures.flatMap((figure) => {
        const expr = queries[arm]?.[figure] ?? null;
        if (expr === null) return [];
        const legendFormat = `${arm}${figures.length > 1 ? ` ${figure}` : ''}${figure === 'errors' ? reasons(expr) : ''}`;
        return [{ refId: `${arm}_${figure}`, datasource: SOURCE, expr, legendFormat }];
      }),
    );
    return targets.length === 0
      ? []
      : [
          {
            type: 'timeseries',
            title: panel,
            description,
            datasource: SOURCE,
            targets,
            fieldConfig: { defaults: { unit }, overrides: [] },
          },
        ];
  });
  const half = COLUMNS / 2;
  const panels = [
    ...charts.map((chart, at) => ({
      ...chart,
      gridPos: { x: (at % 2) * half, y: Math.floor(at / 2) * HEIGHT, w: half, h: HEIGHT },
    })),
    {
      ...errorTable(),
      gridPos: { x: 0, y: Math.ceil(charts.length / 2) * HEIGHT, w: COLUMNS, h: 2 * HEIGHT },
    },
  ].map((panel, at) => ({ id: at + 1, ...panel }));
  const datasource = { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' };
  const dashboard = {
    uid: name,
    title,
    tags: ['gateway-rollout'],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    timezone: 'utc',
    templating: { list: [datasource] },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

/** The label that the expression groups by, as Grafana writes it into legends. */
const reasons = (expr: string): string => {
  const [, label] = /^sum by \((\w+)\)/.exec(expr) ?? [];
  return label === undefined ? '' : ` {{${label}}}`;
};

function errorTable() {
  const rows = ERROR_CLASSES.map((name) => [
    `\`${name}\``,
    NEXT_STEP[name],
    `[documentation](${documentOf(name)})`,
  ]);
  const content = markdownTable(['error', 'what to do', ''], 3, rows);
  return { type: 'text', title: 'Classes of errors', options: { mode: 'markdown', content } };
}
