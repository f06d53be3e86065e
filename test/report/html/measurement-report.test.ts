import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MetricVerdict } from '../../../src/judge/verdict.ts';
import { measurementReport } from '../../../src/report/html/measurement-report.ts';
import type { ReplayedLook } from '../../../src/rollout/replay.ts';
import { measurement, mixedLook, overviewIn, rollout, verdict } from '../rollouts.ts';

function page(windows = rollout({ hours: 8 }), looks: readonly ReplayedLook[] = [mixedLook]): string {
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

test('the page refers to nothing external', () => {
  expect(content(page())).not.toMatch(/(?:src|href)="(?!data:,")/);
});

test('a year of windows stays a page of a few hundred kilobytes', () => {
  const { arms } = measurement(0);
  const year = Array.from({ length: 2000 }, (_, at) => measurement(at, { arms }));
  const looks = year.map(({ window }) => ({ ...mixedLook, window, stage: '5%' }));
  const text = page(year, looks);
  expect(text.length).toBeLessThan(1_500_000);
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
