import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MetricVerdict } from '../../../src/judge/verdict.ts';
import { measurementReport } from '../../../src/report/html/measurement-report.ts';
import type { ReplayedLook } from '../../../src/rollout/replay.ts';
import { limit, measurement, mixedLook, overviewIn, rollout, verdict } from '../rollouts.ts';

function page(windows = rollout({ hours: 8 }), looks: readonly ReplayedLook[] = [mixedLook]): string {
  return measurementReport({
    title: 'assistant',
    overview: overviewIn(windows),
    looks,
    steps: ['5%', '25%', '100%'],
  });
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

describe('the tile of a metric', () => {
  const labelsOf = (judged: MetricVerdict): string[] => {
    const look = { ...mixedLook, verdicts: { latency_p95: judged } };
    const [, svg = ''] =
      /<svg class="difference"(.*?)<\/svg>/s.exec(page(rollout({ hours: 2 }), [look])) ?? [];
    return [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, text = '']) => text);
  };
  const times = (more: Partial<MetricVerdict>) =>
    verdict({
      unit: 'duration',
      official: { value: 300, low: 290, high: 310 },
      gateway: { value: 330, low: 320, high: 340 },
      ...more,
    });

  test('shows a limit that is near, and names one that is far away without stretching the scale', () => {
    expect(labelsOf(times({ limits: [limit({ kind: 'max_increase', limit: 30 })] }))).toEqual([
      'limit +30 %',
      'equal',
    ]);
    const far = times({ limits: [limit({ kind: 'max', limit: 30_000 })] });
    expect(labelsOf(far)).toEqual(['equal']);
    expect(page(rollout({ hours: 2 }), [{ ...mixedLook, verdicts: { latency_p95: far } }])).toContain(
      'A limit is far outside the picture.',
    );
  });

  test('shows how much of the evidence is there', () => {
    const look = { ...mixedLook, verdicts: { slow_ratio: mixedLook.verdicts.slow_ratio } };
    expect(page(rollout({ hours: 8 }), [look as ReplayedLook])).toMatch(/<progress max="\d+" value="\d+">/);
  });
});

test('the stages are a line, with the current one marked', () => {
  const [, steps = ''] = /<ol class="stepper"[^>]*>(.*?)<\/ol>/s.exec(page()) ?? [];
  expect(
    steps
      .replace(/<[^>]+>/g, ' ')
      .trim()
      .split(/\s+/),
  ).toEqual(['✔', '5%', '●', '25%', '○', '100%']);
});
