import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conclude, weigh } from '../../src/check/conclusion.ts';
import type { CheckPlan } from '../../src/check/plan.ts';
import { ok, type Probe, problem, skip } from '../../src/check/probe.ts';
import { PROBES } from '../../src/check/probes/index.ts';
import type { ProbeResult, Severity } from '../../src/check/report.ts';
import { planFor } from '../support/plan.ts';

const SEVERITIES: readonly Severity[] = ['block', 'warn', 'info'];

const probe = (severity: Severity): Probe => ({
  id: 'family.name',
  severity,
  needs: 'nothing',
  run: () => ok('never run'),
});
const plan = (overrides: Partial<CheckPlan> = {}) =>
  planFor({ baseUrl: 'https://gateway.example/v1', apiKey: 'key' }, overrides);
const REQUIRED = plan({ require: ['family.name'] });
const IGNORED = plan({ ignore: { 'family.name': 'agreed with the operator' } });
const found = problem('It is odd.', 'Mend it.', { evidence: ['seen'], requestId: 'req_1' });

describe('the severity of a problem', () => {
  it.each([
    ['block', 'fail'],
    ['warn', 'warn'],
    ['info', 'warn'],
  ] as const)('what its probe weighs: %s is %s', (severity, status) => {
    expect(weigh(probe(severity), found, plan(), 1)).toMatchObject({ status, severity });
  });

  it.each(SEVERITIES)('is its own, if it has one: %s on a probe of any severity', (own) => {
    const finding = problem('It is odd.', 'Mend it.', { severity: own });
    for (const severity of SEVERITIES) {
      const status = own === 'block' ? 'fail' : 'warn';
      expect(weigh(probe(severity), finding, plan(), 1)).toMatchObject({ status, severity: own });
    }
  });

  it('is a failure if the probe is required, even if the problem itself only informs', () => {
    const mild = problem('It is odd.', 'Mend it.', { severity: 'info' });
    for (const severity of SEVERITIES) {
      expect(weigh(probe(severity), found, REQUIRED, 1)).toMatchObject({ status: 'fail', severity: 'block' });
      expect(weigh(probe(severity), mild, REQUIRED, 1)).toMatchObject({ status: 'fail', severity: 'block' });
    }
  });

  it('is a note if it is ignored, which stays visible with the reason', () => {
    expect(weigh(probe('block'), found, IGNORED, 12.6)).toEqual({
      id: 'family.name',
      status: 'warn',
      severity: 'info',
      summary: 'It is odd. (accepted: agreed with the operator)',
      evidence: ['seen'],
      fix: null,
      durationMs: 13,
      requestId: 'req_1',
    });
  });

  it('comes with its evidence, its fix and the deciding request', () => {
    expect(weigh(probe('block'), found, plan(), 12.4)).toEqual({
      id: 'family.name',
      status: 'fail',
      severity: 'block',
      summary: 'It is odd.',
      evidence: ['seen'],
      fix: 'Mend it.',
      durationMs: 12,
      requestId: 'req_1',
    });
  });
});

describe('what is not a problem', () => {
  it.each([
    ['passes', ok('Fine.'), 'pass'],
    ['is skipped', skip('Not used.'), 'skip'],
  ] as const)('%s whether required, ignored or neither', (_, finding, status) => {
    for (const each of [plan(), REQUIRED, IGNORED]) {
      expect(weigh(probe('warn'), finding, each, 1)).toMatchObject({
        status,
        summary: finding.summary,
        fix: null,
      });
    }
  });
});

describe('the verdict', () => {
  const result = (id: string, status: ProbeResult['status'], severity: Severity = 'block'): ProbeResult => ({
    id,
    status,
    severity,
    summary: '',
    evidence: [],
    fix: null,
    durationMs: 0,
    requestId: null,
  });

  it.each([
    ['nothing was found', [result('a', 'pass'), result('b', 'skip')], 'ready', 'all_passed'],
    ['there are notes', [result('a', 'pass'), result('b', 'warn', 'info')], 'ready', 'all_passed'],
    ['there are warnings', [result('a', 'warn', 'warn')], 'ready', 'passed_with_warnings'],
    ['one fails', [result('a', 'warn', 'warn'), result('b', 'fail')], 'not-ready', 'b'],
    ['several fail', [result('b', 'fail'), result('a', 'fail')], 'not-ready', 'b'],
  ] as const)('when %s', (_, results, verdict, reasonCode) => {
    expect(conclude(results)).toEqual({ verdict, reasonCode });
  });

  it('is ready exactly when nothing fails, and its reason is the first failure', () => {
    const results = fc.array(
      fc.record({
        id: fc.string(),
        status: fc.constantFrom('pass', 'warn', 'fail', 'skip'),
        severity: fc.constantFrom(...SEVERITIES),
      }),
    );
    fc.assert(
      fc.property(results, (list) => {
        const all = list.map(({ id, status, severity }) => result(id, status, severity));
        const failed = all.filter(({ status }) => status === 'fail');
        const { verdict, reasonCode } = conclude(all);
        expect(verdict).toBe(failed.length === 0 ? 'ready' : 'not-ready');
        if (failed.length > 0) expect(reasonCode).toBe(failed[0]?.id);
      }),
    );
  });

  it('names the most fundamental of several failures: families come in the order in which people fix them', () => {
    const families = PROBES.map(({ id }) => id.split('.')[0]);
    expect([...new Set(families)]).toMatchInlineSnapshot(`
      [
        "connection",
        "auth",
        "balance",
        "models",
        "chat",
        "stream",
        "tools",
        "structured",
        "embeddings",
        "responses",
        "endpoint",
        "ability",
        "client",
        "request_id",
        "limits",
        "compare",
        "usage",
        "context",
        "cache",
        "fidelity",
      ]
    `);
    const everything = PROBES.map(({ id }) => result(id, 'fail'));
    expect(conclude(everything).reasonCode).toBe('connection.reach');
  });

  it('can name every probe, and each by one name only', () => {
    expect(new Set(PROBES.map(({ id }) => id)).size).toBe(PROBES.length);
  });
});
