import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposalSummary, proposalTitle } from '../../src/conversation/messages/proposal.ts';
import { isHarmful, type ProposedValue, proposeConfig, proposeFile } from '../../src/rollout/proposal.ts';
import { valid } from '../config/configs.ts';
import { config, productionStage, START, stateWith } from './states.ts';

const stage = productionStage({ evidence: null });
const shares = { everything: 5, slices: { fast: 25 } };
const rollout = {
  config,
  state: stateWith({ stage: { ...stage, traffic: { ...stage.traffic, shares } } }),
};

const value = (
  kind: ProposedValue['value']['value'],
  before: number | null,
  after: number,
  slice: string | null = null,
): ProposedValue => ({ pointer: '/share', value: { value: kind, slice }, before, after });

const codes = (...values: ProposedValue[]) => proposeFile(rollout, 0, values).map(({ code }) => code);

describe('a change of the file that holds the share', () => {
  it.each([
    ['more as a share', value('share', 5, 6), 'raises_target'],
    ['less as a share', value('share', 5, 4), 'lowers_target'],
    ['a smaller rest', value('rest', 95, 90), 'raises_target'],
    ['a larger fraction', value('fraction', 0.05, 0.06), 'raises_target'],
    ['a slice at its own share', value('share', 5, 25, 'fast'), 'target_kept'],
    ['a slice above its own share', value('share', 25, 26, 'fast'), 'raises_target'],
    ['a new place', value('share', null, 100), 'raises_target'],
    ['what was too much before', value('share', 50, 50), 'target_kept'],
  ])('is judged by what it means for the gateway: %s', (_, proposed, code) => {
    expect(codes(proposed)).toEqual([code]);
  });

  it('is harmful exactly where it puts more on the gateway than the stage allows', () => {
    const percent = fc.integer({ min: 0, max: 10_000 }).map((number) => number / 100);
    fc.assert(
      fc.property(percent, percent, fc.constantFrom('share', 'rest', 'fraction'), (before, after, kind) => {
        const number = (share: number) =>
          kind === 'rest' ? 100 - share : kind === 'fraction' ? share / 100 : share;
        const findings = proposeFile(rollout, 0, [value(kind, number(before), number(after))]);
        expect(findings.some(isHarmful)).toBe(after !== before && after > 5);
      }),
    );
  });
});

it('a change of how many requests are copied speaks of copies', () => {
  const { traffic } = stage;
  const copying = { ...traffic, shares: { everything: 0, slices: { shadow: 20 } } };
  const state = stateWith({ stage: { ...stage, label: 'shadow: 20%', traffic: copying } });
  const said = [50, 5].map((after) => {
    const findings = proposeFile({ config, state }, 0, [value('share', 20, after, 'shadow')]);
    const parts = [{ about: 'assistant', config, findings }];
    return `${proposalTitle(parts)}\n${proposalSummary(parts)}`;
  });
  expect(said[0]).toMatch(/^Would copy more requests than stage shadow: 20%\n/);
  expect(said[0]).toContain(
    'would copy 50 % of the requests to the gateway, but stage **shadow: 20%** allows 20 %.',
  );
  expect(said[1]).toMatch(/^Would copy fewer requests and hold the rollout\n/);
  expect(said[1]).toContain('would copy 5 % of the requests to the gateway instead of 20 %');
  expect(said.join()).not.toMatch(/% on the gateway/);
});

describe('a change of the config', () => {
  const propose = (text: string) =>
    proposeConfig(rollout, { path: 'x.yml', sha: 'new', text }, valid(text), START).map(({ code }) => code);

  it('is harmful where a field of a target would change its meaning', () => {
    const base = `name: assistant
gateway: { base_url: https://gateway.example/v1 }
models: { fast: gpt-4o-mini }
rollout: { stages: [local, staging, 5%, 25%, 100%] }
measure: { source: prometheus, workflow: gateway-observe.yml }
`;
    const flags = (written: string) =>
      `${base}traffic: [{ file: { path: deploy/flags.json, set: { /share: ${written} } } }]\n`;
    expect(propose(flags('share'))).not.toContain('raises_target');
    expect(propose(flags('rest'))).toContain('raises_target');
    expect(propose(flags('share(fast)'))).toContain('raises_target');
    expect(propose(flags('fraction'))).not.toContain('raises_target');
  });
});
