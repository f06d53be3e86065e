import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readPayload } from '../../app/traffic/payload.ts';
import type { Target } from '../../src/config/schema/traffic.ts';
import { manualRollback } from '../../src/conversation/manual-rollback.ts';
import { amountOf, formatAmount } from '../../src/rollout/target-value.ts';

const SHARES = { everything: 5, slices: { fast: 25.000_001, slow: 1 } };

describe('the amount that is written', () => {
  it.each([
    ['share', null, 5],
    ['rest', null, 95],
    ['fraction', null, 0.05],
    ['share', 'fast', 25.000_001],
    ['rest', 'fast', 74.999_999],
    ['fraction', 'fast', 0.250_000_01],
    // A slice has everything's share where its own is less, or where it has none.
    ['share', 'slow', 5],
    ['share', 'other', 5],
    ['share', 'constructor', 5],
  ] as const)('of %s(%s) is %s', (value, slice, amount) => {
    expect(amountOf({ value, slice }, SHARES)).toBe(amount);
  });

  it('has no noise of binary fractions and no exponent', () => {
    const amount = (value: 'rest' | 'fraction', everything: number) =>
      formatAmount(amountOf({ value, slice: null }, { everything, slices: {} }));
    expect(amount('rest', 99.9)).toBe('0.1');
    expect(amount('fraction', 0.000_001)).toBe('0.00000001');
    expect(amount('rest', 0)).toBe('100');
    expect(amount('fraction', 0)).toBe('0');
  });
});

const WHERE = { rollout: 'assistant', defaultBranch: 'trunk' };
const value = { value: 'rest', slice: null } as const;
const TARGETS: Readonly<Record<Target['kind'], Target>> = {
  file: {
    kind: 'file',
    deployed_by: 'workflow',
    path: 'deploy/flags.json',
    branch: 'flags',
    set: [
      { pointer: '/gateway', value: 'share', slice: null },
      { pointer: '/official', ...value },
    ],
  },
  variable: { kind: 'variable', name: 'OFFICIAL_SHARE', environment: 'production', value },
  deployment: { kind: 'deployment', environment: "the team's own", timeout: 60_000 },
  dispatch: { kind: 'dispatch', event_type: 'gateway-rollout' },
  workflow: { kind: 'workflow', file: 'gateway-traffic.yml', timeout: 60_000 },
};

describe('the way back without the App', () => {
  it('is one line for each target', () => {
    expect(Object.values(TARGETS).map((target) => manualRollback(target, WHERE))).toMatchInlineSnapshot(`
      [
        {
          "branch": "flags",
          "kind": "edit",
          "path": "deploy/flags.json",
          "values": [
            {
              "amount": "0",
              "pointer": "/gateway",
            },
            {
              "amount": "100",
              "pointer": "/official",
            },
          ],
        },
        {
          "command": "gh variable set OFFICIAL_SHARE --body 100 --env production",
          "kind": "command",
        },
        {
          "command": "printf %s '{"ref":"trunk","task":"gateway-rollout","environment":"the team'\\''s own","auto_merge":false,"required_contexts":[],"payload":{"rollout":"assistant","stage":"0%","shares":{"everything":0,"slices":{}},"generation":-1}}' | gh api repos/{owner}/{repo}/deployments --input -",
          "kind": "command",
        },
        {
          "command": "printf %s '{"event_type":"gateway-rollout","client_payload":{"rollout":"assistant","stage":"0%","shares":{"everything":0,"slices":{}},"generation":-1}}' | gh api repos/{owner}/{repo}/dispatches --input -",
          "kind": "command",
        },
        {
          "command": "gh workflow run gateway-traffic.yml -f share=0 -f payload='{"rollout":"assistant","stage":"0%","shares":{"everything":0,"slices":{}},"generation":-1}'",
          "kind": "command",
        },
      ]
    `);
  });

  it('sends what the App itself would send, in shell syntax', () => {
    const sent = (target: Target): unknown => {
      const back = manualRollback(target, WHERE);
      if (back.kind !== 'command') throw new Error('expected a command');
      const [print = ''] = back.command.split(' | gh api ');
      return JSON.parse(execFileSync('sh', ['-c', print], { encoding: 'utf8' }));
    };
    const deployment = sent(TARGETS.deployment);
    expect(deployment).toMatchObject({
      ref: 'trunk',
      environment: "the team's own",
      auto_merge: false,
      required_contexts: [],
    });
    const payloads = [deployment, sent(TARGETS.dispatch)].map((body) => readPayload(payloadIn(body)));
    const nothing = {
      rollout: 'assistant',
      stage: '0%',
      shares: { everything: 0, slices: {} },
      generation: -1,
    };
    expect(payloads).toEqual([nothing, nothing]);
  });
});

function payloadIn(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return null;
  return 'payload' in body ? body.payload : 'client_payload' in body ? body.client_payload : null;
}
