import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricVerdict } from '../../src/judge/verdict.ts';
import { intervalCharts, timeCharts } from '../../src/report/html/charts.ts';
import { embeddedJson, html } from '../../src/report/html/markup.ts';
import { measurementReport } from '../../src/report/html/measurement-report.ts';
import type { JudgedLook } from '../../src/report/verdict-sentences.ts';
import { HOSTILE, measurement, mixedLook, overviewIn, rollout, verdict } from './rollouts.ts';

function page(windows = rollout({ hours: 8 }), looks: readonly JudgedLook[] = [mixedLook]): string {
  return measurementReport({ title: 'assistant', overview: overviewIn(windows), looks });
}

/** The page without what is uPlot's or ours in every page. */
const content = (text: string): string =>
  text.replace(/<style>.*?<\/style>/s, '').replace(/<script.*<\/script>/s, '');

test('the same measurements give the same page, byte for byte', () => {
  expect(page()).toBe(page());
});

test('what a person reads on the page', () => {
  const words = content(page())
    .replace(/<details>.*?<\/details>/gs, '')
    .replace(/<[^>]+>/g, ' ');
  expect(
    words
      .replace(/\s*\n\s*/g, '\n')
      .replace(/ {2,}/g, ' ')
      .trim(),
  ).toMatchSnapshot();
});

test('the policy lets the script and the style of the page run, and nothing else', () => {
  const text = page();
  const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(text) ?? [];
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; img-src data:/,
  );
  expect(policy).not.toContain('unsafe');
  const hash = (block: string | undefined) =>
    createHash('sha256')
      .update(block ?? '')
      .digest('base64');
  expect(policy).toContain(hash(/<script>(.*?)<\/script>/s.exec(text)?.[1]));
  expect(policy).toContain(hash(/<style>(.*?)<\/style>/s.exec(text)?.[1]));
});

test('the page refers to nothing outside', () => {
  expect(content(page())).not.toMatch(/(?:src|href)="(?!data:,")/);
});

test('a year of windows stays a page of a few hundred kilobytes', () => {
  const { arms } = measurement(0);
  const year = Array.from({ length: 2000 }, (_, at) => measurement(at, { arms }));
  const looks = year.map(({ window }) => ({ ...mixedLook, window, stage: '5%' }));
  const text = page(year, looks);
  expect(text.length).toBeLessThan(1_500_000);
});

describe('charts', () => {
  test('an arm that is beyond every bound leaves a gap, not a number', () => {
    const overview = overviewIn([measurement(0), measurement(1)]);
    const endless = { p50: 1, p95: Infinity, p99: Infinity };
    const points = overview.points.map((point) => ({
      ...point,
      arms: { ...point.arms, gateway: point.arms.gateway && { ...point.arms.gateway, latency: endless } },
    }));
    const latency = timeCharts({ ...overview, points }).find(({ id }) => id === 'latency');
    expect(latency?.lines.map(({ label }) => label)).toEqual(['official p50', 'official p95', 'gateway p50']);
    expect(latency?.table.rows[0]?.at(-1)).toBe('above every bound');
  });

  test('a relative limit moves with the official arm, an absolute one stands', () => {
    const later = {
      ...mixedLook,
      window: { from: mixedLook.window.to, to: mixedLook.window.to + 3_600_000 },
    };
    const charts = intervalCharts([mixedLook, later]);
    const limits = (id: string) =>
      charts
        .find((chart) => chart.id === `interval-${id}`)
        ?.lines.filter(({ of }) => of === 'limit')
        .map(({ label, values }) => [label, values[0]]);
    expect(limits('success_rate')).toEqual([
      ['limit (min)', 99],
      ['limit (max_drop)', 98.5],
    ]);
    expect(limits('error_ratio')).toEqual([['limit (max)', 1]]);
    expect(limits('latency_p95')).toEqual([['limit (max_increase)', 1638]]);
    expect(limits('retry_rate')).toEqual([['limit (max_increase)', 101.5]]);
  });

  test('a metric without an interval, and a single look, have no chart of intervals', () => {
    expect(intervalCharts([mixedLook])).toEqual([]);
    expect(intervalCharts([])).toEqual([]);
    const ids = intervalCharts([mixedLook, mixedLook]).map(({ id }) => id);
    expect(ids).not.toContain('interval-cost_ratio');
    expect(ids).not.toContain('interval-cost_per_task');
  });
});

describe('the interval of a verdict', () => {
  const endsOf = (gateway: MetricVerdict['gateway']): string[] => {
    const look = { ...mixedLook, verdicts: { success_rate: verdict({ gateway }) } };
    const [, ends = ''] = /<p class="ends"[^>]*>(.*?)<\/p>/.exec(page(rollout({ hours: 2 }), [look])) ?? [];
    return [...ends.matchAll(/<span>(.*?)<\/span>/g)].map(([, end = '']) => end);
  };

  test('is shown on an axis that ends at 100 %', () => {
    expect(endsOf({ value: 99.9, low: 99, high: 100 })).toEqual(['98.4 %', '100 %']);
    expect(endsOf({ value: 97, low: 96, high: 98 })).toEqual(['95.7 %', '99.9 %']);
  });
});

describe('markup', () => {
  test('whatever text is put in, no tag and no end of an attribute comes out', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { html: out } = html`<p title="${text}">${text}</p>`;
        expect(out.match(/[<>]/g)?.join('')).toBe('<><>');
        expect(out.match(/"/g)).toHaveLength(2);
      }),
    );
  });

  test('JSON inside a script element cannot end it, and reads back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(HOSTILE)), (text) => {
        const { html: out } = embeddedJson({ text });
        expect(out).not.toContain('<');
        expect(JSON.parse(out)).toEqual({ text });
      }),
    );
  });
});
