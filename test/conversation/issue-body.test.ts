import { describe, expect, it } from 'vitest';
import {
  ISSUE_LABEL,
  type IssueView,
  issueTitle,
  parseIssue,
  renderIssue,
  tickedBox,
} from '../../src/conversation/issue-body.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { valid } from '../config/configs.ts';
import {
  ana,
  ben,
  config,
  failed,
  freshStage,
  HOUR,
  historyEntry,
  left,
  productionStage,
  START,
  stateWith,
  verdicts,
} from '../rollout/states.ts';

function viewOf(more: Partial<RolloutState> = {}, about: Partial<IssueView> = {}): IssueView {
  return { config, state: stateWith(more), namesShown: true, defaultBranch: 'main', seal: '12.af', ...about };
}

const render = (more: Partial<RolloutState> = {}, about: Partial<IssueView> = {}) =>
  renderIssue(null, viewOf(more, about));

const started = viewOf({
  stage: freshStage(),
  left: [],
  spent: { official: null, gateway: null },
  history: [historyEntry('started', 0, { to: 'local', by: ana, comment: 100 })],
});

const staging = viewOf({
  stage: freshStage({
    index: 1,
    label: 'staging',
    traffic: { ...productionStage().traffic, shares: { everything: 0, slices: {} }, purpose: 'advance' },
    checks: { workflows: { 'gateway-check.yml': 'green', 'staging.yml': 'red' }, checks: { e2e: 'running' } },
  }),
});

const rolledBack = viewOf({
  status: { kind: 'rolled-back', reason: 'metric_failed', since: START + 60 * HOUR },
  stage: productionStage({
    index: 3,
    label: '25%',
    verdicts: { ...verdicts, success_rate: failed },
    traffic: {
      ...productionStage().traffic,
      shares: { everything: 0, slices: {} },
      purpose: 'rollback',
      verifiedAt: null,
      targets: ['verified', 'verified', 'failed', 'waiting'],
    },
  }),
  left: [...stateWith().left, left('5%', 0, 25)],
  history: [
    ...stateWith().history,
    historyEntry('rolled_back', 60, { from: '25%', to: '0%', reason: 'metric_failed' }),
  ],
  problems: [
    { code: 'rollback_not_written', detail: 'the deployment failed', since: START + 60 * HOUR },
    { code: 'gateway_still_has_traffic', detail: '40 tasks in the newest window', since: START + 61 * HOUR },
    { code: 'traffic_drifted:0', detail: 'found 40 at /share', since: START + 61 * HOUR },
    { code: 'something_new', detail: '', since: START + 62 * HOUR },
  ],
  pending: [
    {
      id: 'tick:1#9',
      effect: {
        kind: 'write_traffic',
        target: 2,
        shares: { everything: 0, slices: {} },
        stage: '25%',
        generation: 5,
        purpose: 'rollback',
      },
      tries: 3,
      since: START + 60 * HOUR,
      takenAt: null,
    },
  ],
});

const regressed = viewOf({
  stage: productionStage({
    notice: { metric: 'success_rate', ratio: 1.84, low: 1.31, high: 2.57, gateway: 0.14, official: 0.077 },
  }),
  question: { slice: null, answered: null },
});

const steppedBack = viewOf({
  status: {
    kind: 'stepped-back',
    since: START + 20 * HOUR,
    until: START + 23 * HOUR,
    incident: { from: START + 19.5 * HOUR, to: START + 20 * HOUR, gateway: 21.84, official: 0.41 },
  },
  stage: productionStage({
    stepsBack: [START + 20 * HOUR],
    traffic: { ...productionStage().traffic, shares: { everything: 0, slices: {} }, purpose: 'rollback' },
    clock: { stoppedSince: START + 20 * HOUR, stopped: 0, ran: 20 * HOUR },
    verdicts: { success_rate: failed },
  }),
  history: [historyEntry('stepped_back', 20, { from: '5%', to: '0%' })],
});

const paused = viewOf(
  {
    status: { kind: 'paused', reason: 'by_person', since: START + 10 * HOUR },
    stage: productionStage({
      index: 4,
      label: '100%',
      clock: { stoppedSince: START + 10 * HOUR, stopped: 0, ran: 0 },
      approvals: [{ by: ben, at: START, comment: 105 }],
      traffic: {
        ...productionStage().traffic,
        shares: { everything: 99, slices: { fast: 100 } },
        verifiedAt: null,
        targets: ['verified', 'written', 'verified', 'verified'],
      },
    }),
  },
  { namesShown: false },
);

const completed = viewOf({
  status: { kind: 'completed', at: START + 200 * HOUR },
  stage: productionStage({
    index: 4,
    label: '100%',
    traffic: { ...productionStage().traffic, shares: { everything: 100, slices: {} } },
  }),
  left: [
    ...stateWith().left,
    left('5%', 0, 25),
    left('25%', 25, 60, { rolledBack: true }),
    left('100%', 60, 200),
  ],
  history: [...stateWith().history, historyEntry('completed', 200, { from: '100%' })],
});

const aborted = viewOf({
  status: { kind: 'aborted', at: START + 30 * HOUR },
  stage: productionStage({
    index: 3,
    label: '25%',
    traffic: { ...productionStage().traffic, shares: { everything: 0, slices: {} }, purpose: 'rollback' },
  }),
  left: [...stateWith().left, left('5%', 0, 25), left('25%', 25, 30, { rolledBack: true })],
  history: [
    ...stateWith().history,
    historyEntry('aborted', 30, {
      from: '25%',
      to: '0%',
      by: ana,
      reason: 'the contract ends',
      comment: 106,
    }),
  ],
});

describe('the issue of a rollout', () => {
  it.each([
    ['just started', started],
    ['in staging', staging],
    ['healthy at 5%', viewOf()],
    ['rolled back', rolledBack],
    ['paused, in a public repository', paused],
    ['completed', completed],
    ['stepped back', steppedBack],
    ['asking about a regression', regressed],
    ['aborted', aborted],
  ])('%s', (_, view) => {
    expect(renderIssue(null, view)).toMatchSnapshot();
  });

  it('is named and labelled so that people find it', () => {
    expect([issueTitle('assistant'), ISSUE_LABEL]).toEqual(['Gateway rollout: assistant', 'gateway-rollout']);
  });

  it('says what a ticked box asks for only while it asks for something', () => {
    const asks = 'Tick the current stage to advance';
    expect(render()).toContain(asks);
    for (const view of [paused, rolledBack, completed, aborted]) {
      expect(renderIssue(null, view)).not.toContain(asks);
    }
  });

  it('names the holdback where it keeps a part of the last stage on the official API', () => {
    const held = { ...config, rollout: { ...config.rollout, holdback: 10 } };
    const at = (index: number, label: string, everything: number) => {
      const traffic = { ...productionStage().traffic, shares: { everything, slices: {} } };
      return render({ stage: productionStage({ index, label, traffic }) }, { config: held });
    };
    expect(at(4, '100%', 90)).toContain(
      'Gateway traffic now: 90 %; 10 % stays on the official API until completion (holdback).',
    );
    expect(at(2, '5%', 5)).toContain('Gateway traffic now: 5 %.');
    expect(at(2, '5%', 5)).toContain(
      '**100%** – 90 % of all traffic, 10 % stays on the official API until completion, 3 days',
    );
    expect(at(4, '100%', 0)).toContain('Gateway traffic now: 0 %.');
  });

  it('says from the first day that there is no metrics source', () => {
    const blind = valid('gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]');
    const problem = { code: 'no_measure', detail: '5%, 25%, 50%, 100%', since: START };
    const body = render({ stage: freshStage(), problems: [problem] }, { config: blind });
    expect(body).toContain('No metrics source: the config has no `measure`');
    expect(body).toContain('No metrics source: nothing rolls back automatically.');
  });

  it('shows a long road from before the current stage on, and a watch as the last step', () => {
    const shares = Array.from({ length: 12 }, (_, at) => `${at + 1}%`);
    const long = valid(
      `gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\nrollout: { stages: [${shares.join(', ')}, 100%], watch: 1d }\n`,
    );
    const at = (index: number, more: Partial<RolloutState['stage']> = {}) => {
      const label = long.rollout.stages[index]?.label ?? '';
      const body = render({ stage: productionStage({ index, label, ...more }) }, { config: long });
      return body.split('\n').find((line) => line.includes(' ─ '));
    };
    expect(at(4)).toBe('… ─ ✔ 3% ─ ✔ 4% ─ ● 5% ─ ○ 6% ─ ○ 7% ─ ○ 8% ─ ○ 9% ─ ○ 10% ─ …');
    expect(at(12, { watching: true })).toMatch(/ ─ ✔ 12% ─ ✔ 100% ─ ● watch$/);
  });

  it('shows the limits of the gate before anything was measured', () => {
    const body = render({ stage: productionStage({ verdicts: null, evidence: null, points: [] }) });
    expect(body).toContain(
      '| <code>error_ratio</code> (guard) | ❔ no-data: waiting for the first measurement | – | at most 2 × official |',
    );
    expect(body).toContain('⏳ 0 of 500 tasks on the gateway');
  });

  it('says so when a pass would come too late, or never', () => {
    const slow = { ...verdicts.slow_ratio, stillNeeded: { tasks: 1e6, time: 30 * 24 * HOUR } };
    const late = render({ stage: productionStage({ verdicts: { slow_ratio: slow } }) });
    expect(late).toContain('longer than `max_duration` (14 days)');
    for (const stillNeeded of [null, { tasks: 1e6, time: 400 * 24 * HOUR }])
      expect(
        render({ stage: productionStage({ verdicts: { slow_ratio: { ...slow, stillNeeded } } }) }),
      ).toContain('At the current rates, <code>slow_ratio</code> would not pass within 90 days.');
  });

  it('asks people to check where Prometheus counts zero failures: a misspelt name looks the same', () => {
    const sure = { value: 100, low: 99.9, high: 100 };
    const none = (gateway = sure) => ({
      stage: productionStage({
        verdicts: { success_rate: { ...verdicts.success_rate, official: sure, gateway } },
      }),
    });
    const warning = 'Prometheus reports zero failures on both arms.';
    expect(render(none())).toContain(warning);
    expect(render(none({ value: 99.9, low: 99, high: 100 }))).not.toContain(warning);
    const records = valid(stateWith().config.text.replace('source: prometheus', 'source: jsonl'));
    expect(render(none(), { config: records })).not.toContain(warning);
  });

  it('hides names of keys and members in a public repository, but shows the costs', () => {
    const body = renderIssue(null, paused);
    expect(body).not.toMatch(/backend|<code>ana/);
    expect(body).toContain('| Key 1 | 40,090 | 12.03 USD |');
  });

  it('does not change while nothing happens', () => {
    expect(renderIssue(null, viewOf())).toBe(renderIssue(null, viewOf()));
  });
});

describe('what people do to the body', () => {
  const body = render();

  it('keeps what they write around it, and restores what they change inside', () => {
    const edited = `Our notes\n\n${body.replace('2,110', '9,999')}\n\n- [ ] tell support`;
    expect(renderIssue(edited, viewOf())).toBe(`Our notes\n\n${body}\n\n- [ ] tell support`);
  });

  it('comes back where the markers were deleted', () => {
    expect(renderIssue('Only this is left', viewOf())).toBe(`${body}\n\nOnly this is left`);
    expect(renderIssue(body.replace('<!-- /gateway-rollout -->', ''), viewOf())).toBe(body);
  });

  it('is read with the line ends of a browser', () => {
    expect(parseIssue(body.replaceAll('\n', '\r\n'))).toEqual(parseIssue(body));
  });

  it('reports which box was ticked', () => {
    const tick = (text: string, stage: string) =>
      text.replace(
        `- [ ] <!-- gateway-rollout stage=${stage} -->`,
        `- [x] <!-- gateway-rollout stage=${stage} -->`,
      );
    const ticked = tick(body, '5%25');
    expect(tickedBox(body, ticked)).toEqual({ label: '5%' });
    expect(tickedBox(body, tick(ticked, '25%25'))).toEqual({ label: null });
    expect(tickedBox(ticked, body)).toBeNull();
    expect(tickedBox(body, `- [x] my own box\n${body}`)).toBeNull();
    expect(tickedBox(body, '')).toBeNull();
  });

  it('is ignored without our markers', () => {
    expect(parseIssue('- [x] <!-- gateway-rollout stage=5%25 --> 5%')).toBeNull();
    expect(parseIssue('<!-- gateway-rollout name=%E0%A4%A seal=x -->')).toBeNull();
  });
});
