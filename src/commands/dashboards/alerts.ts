/** Alert rules for Prometheus: the gateway against the official API, and each class of errors with what helps. */
import { NEXT_STEP } from '../../check/exchanges.ts';
import type { Arm } from '../../config/arms.ts';
import { formatYaml } from '../../config/effective.ts';
import type { Config } from '../../config/schema.ts';
import type { PanelQueries } from '../../measure/sources/panel-queries.ts';
import { documentOf } from './documents.ts';

/** What the rates of alerts are taken over: a shorter range has too few requests of a small share. */
export const ALERT_WINDOW = '15m';
const FOR = '10m';
/** Percent of the requests. */
const MOST_OF_A_CLASS = 1;

/** @param queries in {@link ALERT_WINDOW} */
export function alertRules(
  name: string,
  { rollout }: Config,
  { official, gateway }: Readonly<Record<Arm, PanelQueries | null>>,
): string {
  const limits = rollout.stages.flatMap(({ gate }) => gate.metrics);
  const widest = (of: (metrics: (typeof limits)[number]) => number | undefined, fallback: number) =>
    Math.max(...limits.flatMap((metrics) => of(metrics) ?? []), 0) || fallback;
  const drop = widest(({ success_rate: rate }) => rate?.max_drop, 1);
  const slower = widest(({ latency_p95: time }) => time?.max_increase, 50);
  const dearer = widest(({ cost_per_task: cost }) => cost?.max_increase, 20);
  const compared = (of: (queries: PanelQueries) => string | null, by: (a: string, b: string) => string) => {
    const [ours, theirs] = [gateway && of(gateway), official && of(official)];
    return ours && theirs ? by(ours, theirs) : null;
  };
  const above = (percent: number) => (ours: string, theirs: string) =>
    `(${ours}) > ${1 + percent / 100} * (${theirs})`;
  const rules = [
    rule(
      'GatewaySuccessRateLow',
      'critical',
      compared(
        ({ success }) => success,
        (ours, theirs) => `(${ours}) < (${theirs}) - ${drop}`,
      ),
      {
        summary: `The gateway's success rate is more than ${drop} ${drop === 1 ? 'point' : 'points'} below the official API's.`,
        description: 'Comment /rollback-rollout on the rollout if users are affected.',
      },
    ),
    rule(
      'GatewaySlow',
      'warning',
      compared(({ p95 }) => p95, above(slower)),
      {
        summary: `The gateway's p95 latency is more than ${slower} % above the official API's.`,
        description:
          'Compare the time to the first token: a gateway that buffers streams is slow there first.',
      },
    ),
    rule(
      'GatewayExpensive',
      'warning',
      compared(({ cost }) => cost, above(dearer)),
      {
        summary: `A request costs more than ${dearer} % more on the gateway than on the official API.`,
        description: 'Lost prompt caches and longer answers cost more at equal prices.',
      },
    ),
    ...(gateway?.classes ?? []).map(([error, query]) =>
      rule(
        'GatewayErrors',
        'warning',
        `${query} > ${MOST_OF_A_CLASS}`,
        {
          summary: `More than ${MOST_OF_A_CLASS} % of the gateway's requests fail: ${error}.`,
          description: NEXT_STEP[error],
          runbook_url: documentOf(error),
        },
        { error },
      ),
    ),
  ];
  return formatYaml({ groups: [{ name, rules: rules.filter((each) => each !== null) }] });
}

function rule(
  alert: string,
  severity: 'critical' | 'warning',
  expr: string | null,
  annotations: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
) {
  return expr === null ? null : { alert, expr, for: FOR, labels: { severity, ...labels }, annotations };
}
