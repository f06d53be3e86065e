import { describe, expect, it } from 'vitest';
import { probedFeature } from '../../src/inventory/probed-features.ts';
import { assessReadiness } from '../../src/inventory/readiness.ts';
import type { Site } from '../../src/inventory/site.ts';

const site = (over: Partial<Site>): Site => ({
  file: 'src/a.ts',
  line: 1,
  column: 1,
  kind: 'base_url',
  value: 'https://api.openai.com/v1',
  hardCoded: true,
  role: null,
  language: 'typescript',
  sdk: null,
  confidence: 'high',
  scope: 'code',
  note: null,
  rule: 'any-official-url',
  ...over,
});

describe('readiness', () => {
  it('is the share of configurable settings, with the number of files to edit', () => {
    const { score, configured, scattered } = assessReadiness(
      [
        site({}),
        site({ line: 2 }),
        site({ file: 'src/b.ts', kind: 'model', value: 'gpt-4o', role: 'use' }),
        site({ kind: 'api_key', value: 'OPENAI_API_KEY', hardCoded: false }),
        // Neither lists of models nor comparisons are settings, and calls are not either.
        site({ file: 'src/c.ts', kind: 'model', role: 'table' }),
        site({ file: 'src/c.ts', kind: 'model', role: 'prefix_check' }),
        site({ file: 'src/c.ts', kind: 'endpoint', value: 'chat.completions', hardCoded: false }),
      ],
      [],
    );
    expect({ score, configured, scattered }).toEqual({ score: 25, configured: 1, scattered: 2 });
  });

  it('is never 100 % while one setting is hard-coded', () => {
    const configured = Array.from({ length: 999 }, (_, line) => site({ line, hardCoded: false }));
    expect(assessReadiness([...configured, site({})], []).score).toBe(99);
  });

  it('blocks migrating what the provider stores, with file and line', () => {
    const sites = [
      site({ kind: 'endpoint', value: 'threads', line: 7, hardCoded: false }),
      site({ kind: 'endpoint', value: 'assistants', line: 9, hardCoded: false }),
      site({ kind: 'endpoint', value: 'realtime', line: 11, hardCoded: false }),
    ];
    const { findings } = assessReadiness(sites, [], {
      complianceContract: false,
      allowExperimental: ['realtime'],
    });
    expect(
      findings.map(({ reasonCode, severity, places }) => [
        reasonCode,
        severity,
        places.map(({ line }) => line),
      ]),
    ).toEqual([
      ['experimental.assistants', 'block', [7, 9]],
      ['experimental.realtime', 'info', [11]],
    ]);
    expect(findings[0]?.message).toMatchInlineSnapshot(
      `"assistants is in use: it is experimental or depends on data stored by the provider. If the gateway supports it, add it to policy.allow_experimental; otherwise keep these calls on the official API."`,
    );
  });

  it('blocks migrating under a compliance contract', () => {
    const { findings } = assessReadiness([site({ hardCoded: false })], [], {
      complianceContract: true,
      allowExperimental: [],
    });
    expect(findings.map(({ reasonCode, severity }) => [reasonCode, severity])).toEqual([
      ['compliance_contract', 'block'],
    ]);
  });

  it('ignores hazards in tests and documentation', () => {
    const hazard = {
      file: 'a',
      line: 1,
      column: 1,
      kind: 'prefix_check',
      message: 'M.',
      rule: 'r-r',
    } as const;
    const { findings } = assessReadiness(
      [site({ hardCoded: false })],
      [
        { ...hazard, scope: 'code' },
        { ...hazard, scope: 'test', line: 5 },
      ],
    );
    expect(findings).toEqual([
      {
        reasonCode: 'hazard.prefix_check',
        severity: 'warn',
        message: 'M.',
        places: [{ file: 'a', line: 1 }],
      },
    ]);
  });
});

describe('the features that check probes', () => {
  it.each([
    ['endpoint', 'threads', 'assistants'],
    ['endpoint', 'chat.completions', null],
    ['feature', 'stream_options', 'streaming'],
    ['feature', 'vision', 'vision'],
    ['feature', 'previous_response_id', 'previous_response_id'],
    ['feature', 'max_completion_tokens', null],
    ['model', 'files', null],
  ] as const)('%s %s calls for %s', (kind, value, feature) => {
    expect(probedFeature({ kind, value })).toBe(feature);
  });
});
