import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/schema.ts';
import { type IssueView, parseIssue, renderIssue } from '../../src/conversation/issue-body.ts';
import { valid } from '../config/configs.ts';
import { expectHarmless, hostileText } from '../rollout/harmless.ts';
import { arms } from '../rollout/hours.ts';
import { config, HOSTILE, historyEntry, productionStage, START, stateWith } from '../rollout/states.ts';

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** A rollout in which every text from outside is one of these. */
function hostileView(words: string, many: number): IssueView {
  const [slice] = arms.gateway.byKey;
  const spenders = slice === undefined ? [] : [{ ...slice, name: words }];
  const spent = { ...arms.gateway, byKey: spenders, byMember: spenders };
  const by = { login: words, id: 3 };
  const all = <Item>(item: Item): Item[] => Array.from({ length: many }, () => item);
  // Stricter than this: no config with such names is accepted.
  const hostile: Config = {
    ...config,
    rollout: {
      ...config.rollout,
      stages: config.rollout.stages.map((stage, index) => ({ ...stage, label: `${index}${words}` })),
    },
    traffic: all({ kind: 'deployment', environment: words, timeout: 60_000 }),
  };
  return {
    config: hostile,
    namesShown: true,
    defaultBranch: 'main',
    seal: words,
    state: stateWith({
      name: `x${words}`,
      stage: productionStage({
        index: 4,
        label: `4${words}`,
        evidence: null,
        approvals: [{ by, at: START, comment: null }],
        traffic: {
          ...productionStage().traffic,
          verifiedAt: null,
          shares: { everything: 5, slices: { [words]: 9 } },
        },
      }),
      spent: { official: null, gateway: spent },
      history: all(historyEntry('paused', 1, { by, from: words, to: words, reason: words })),
      problems: all({ code: words, detail: words, since: START }),
      pending: [],
    }),
  };
}

describe('names, reasons and errors from outside', () => {
  it('change nothing but the words', () => {
    fc.assert(
      fc.property(hostileText, (words) => {
        const view = hostileView(words, 1);
        const body = renderIssue(null, view);
        expectHarmless(body);
        expect(body.match(/<!-- gateway-rollout name=/g)).toHaveLength(1);
        expect(body.match(/<!-- \/gateway-rollout -->/g)).toHaveLength(1);
        const parsed = parseIssue(body);
        expect(parsed?.boxes.map(({ label }) => label)).toEqual(
          view.config.rollout.stages.map(({ label }) => wellFormed(label)),
        );
        expect(parsed?.name).toBe(wellFormed(view.state.name));
        expect(parsed?.seal).toBe(wellFormed(words));
      }),
      { numRuns: 200 },
    );
  });

  it('come back unchanged when the body is written again, whatever people add', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (words, before, after) => {
        fc.pre(!/<!-- \/?gateway-rollout/.test(before + after));
        const view = hostileView(words, 1);
        const once = renderIssue(`${before}${renderIssue(null, view)}${after}`, view);
        expect(once.startsWith(before) && once.endsWith(after)).toBe(true);
        expect(renderIssue(once, view)).toBe(once);
      }),
      { numRuns: 100 },
    );
  });

  it('never make the body longer than GitHub allows, and the least important goes first', () => {
    const view = hostileView(HOSTILE.repeat(3), 50);
    const crowded = renderIssue(`before ${'a'.repeat(40_000)}`, view);
    expect(crowded.length).toBeLessThanOrEqual(60_000);
    expect(crowded.includes('← **now**')).toBe(true);
    expect(crowded.includes('When something goes wrong')).toBe(false);
    const long = renderIssue('b'.repeat(64_000), view);
    expect(long.length).toBeLessThanOrEqual(60_000);
    expect(long.includes('… cut:')).toBe(true);
    expect(parseIssue(long)?.boxes.length).toBeGreaterThan(0);
    expect(renderIssue(long, view) === long).toBe(true);
  });

  it('find room for a hundred stages', () => {
    const stages = Array.from({ length: 100 }, (_, index) => `${index + 1}%`);
    const many = valid(
      JSON.stringify({
        gateway: { base_url: 'https://gateway.example/v1' },
        models: ['gpt-4o-mini'],
        rollout: { stages },
      }),
    );
    const stage = productionStage({ index: 50, label: '51%' });
    const view = {
      config: many,
      state: stateWith({ stage }),
      namesShown: true,
      defaultBranch: 'main',
      seal: '1',
    };
    const body = renderIssue('c'.repeat(44_000), view);
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toContain('**51%** ← **now**');
  });
});
