import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AFTER_PAUSE, rollbackWhy } from '../../src/conversation/messages/next-steps.ts';
import { renderMessage, replyMarker } from '../../src/conversation/render-message.ts';
import type { Gap } from '../../src/rollout/gap.ts';
import { type Message, type MessageCode, type MessageOf, messageSchema } from '../../src/rollout/message.ts';
import { PAUSE_REASONS, ROLLBACK_REASONS } from '../../src/rollout/reason.ts';
import { REASONS, sentenceOf } from '../../src/wording/decisions.ts';
import { expectHarmless, hostileText } from '../rollout/harmless.ts';
import {
  ana,
  ben,
  config,
  everyLack,
  failed,
  HOUR,
  historyEntry,
  START,
  stateWith,
  verdicts,
} from '../rollout/states.ts';
import { anyCharacter } from '../support/any-character.ts';

const context = { config, state: stateWith(), namesShown: true, defaultBranch: 'main' };

const gap: Gap = {
  reasonCode: 'gate_not_met',
  missing: everyLack,
  metrics: { slow_ratio: verdicts.slow_ratio },
};
const failure: Gap = { reasonCode: 'metric_failed', missing: [], metrics: { success_rate: failed } };

/** At least one of each code, so that a new code has to be shown here. */
const EXAMPLES: { readonly [Code in MessageCode]: readonly MessageOf<Code>['data'][] } = {
  help: [{}],
  status: [{}],
  command_unclear: [
    { problem: { kind: 'unknown_command', written: '/advance-rollot', suggestion: '/advance-rollout' } },
    { problem: { kind: 'unknown_command', written: '/celebrate-rollout', suggestion: null } },
    {
      problem: {
        kind: 'unknown_option',
        command: '/advance-rollout',
        written: '--froce',
        suggestion: '--force',
      },
    },
    { problem: { kind: 'missing_value', command: '/advance-rollout', option: 'to' } },
    { problem: { kind: 'missing_value', command: '/pause-rollout', option: '--reason' } },
    { problem: { kind: 'reason_needed', command: '/advance-rollout' } },
    {
      problem: {
        kind: 'options_conflict',
        command: '/advance-rollout',
        options: ['--force', '--dry-run'],
      },
    },
    { problem: { kind: 'several_commands', commands: ['/advance-rollout', '/pause-rollout'] } },
  ],
  permission_denied: [
    { command: 'advance', required: 'write', actual: 'triage', by: ana, box: false },
    { command: 'force', required: 'acme/platform', actual: 'none', by: ben, box: false },
    { command: 'advance', required: 'write', actual: 'read', by: ana, box: true },
  ],
  command_outdated: [{ command: 'advance', stage: '25%' }],
  not_possible: [
    { command: 'advance', status: 'paused', why: 'status' },
    { command: 'retry', status: 'progressing', why: 'status' },
    { command: 'resume', status: 'rolled-back', why: 'status' },
    { command: 'advance', status: 'stepped-back', why: 'status' },
    { command: 'advance', status: 'completed', why: 'status' },
    { command: 'force', status: 'rolled-back', why: 'rollback_running' },
    { command: 'advance', status: 'progressing', why: 'starting' },
    { command: 'resume', status: 'paused', why: 'stage_gone' },
  ],
  gate_not_met: [
    { stage: '5%', next: '25%', gap },
    { stage: '100%', next: null, gap: { reasonCode: 'undecided', missing: [], metrics: gap.metrics } },
  ],
  dry_run: [
    { stage: '5%', next: '25%', gap: null },
    { stage: '100%', next: null, gap: null },
    { stage: '5%', next: '25%', gap },
  ],
  advance_target_refused: [
    { asked: '50%', stage: '5%', next: '25%' },
    { asked: '50%', stage: '100%', next: null },
  ],
  partly_understood: [
    {
      command: 'rollback',
      problem: { kind: 'unknown_option', command: '/rollback-rollout', written: '--to', suggestion: null },
    },
    {
      command: 'pause',
      problem: { kind: 'missing_value', command: '/pause-rollout', option: '--reason' },
    },
  ],
  rollback_target_refused: [
    { asked: '50%', stage: '25%', earlier: ['5%'] },
    { asked: '50%', stage: '5%', earlier: [] },
  ],
  box_refused: [
    { label: '100%', next: '25%', by: ana },
    { label: null, next: null, by: ana },
  ],
  approved: [{ stage: '100%', by: ana, have: 1, need: 2 }],
  approved_before: [{ stage: '100%', by: ana, have: 1, need: 2 }],
  rollout_exists: [{ issue: 7 }, { issue: null }],
  start_without_config: [{ path: '.github/gateway-rollout.yml' }],
  start_name_needed: [{ names: ['assistant', 'search'] }],
  started: [{ issue: 7 }],
  start_refused_by_policy: [{ refusals: ['assistants is experimental: src/bot.ts:12, src/bot.ts:40'] }],
  start_refused_by_target: [
    { target: 0, detail: 'The branch main is protected, and takes no commit of the App.' },
  ],
  advanced: [
    {
      from: '5%',
      to: '25%',
      by: null,
      approvals: [ana, ben],
      metrics: { success_rate: verdicts.success_rate },
    },
    { from: 'local', to: 'staging', by: ana, approvals: [], metrics: {} },
  ],
  forced: [
    { from: '5%', to: '25%', by: ana, reason: 'checked by hand', gap },
    { from: '100%', to: null, by: ana, reason: 'checked by hand', gap: null },
  ],
  rolled_back: [
    { from: '25%', to: '0%', reason: 'metric_failed', by: null, words: null, gap: failure },
    {
      from: '25%',
      to: '5%',
      reason: 'by_person',
      by: ana,
      words: 'answers in the wrong language',
      gap: null,
    },
    { from: '25%', to: '0%', reason: 'blind', by: null, words: null, gap: null },
  ],
  paused: [
    { stage: '5%', reason: 'by_person', by: ana, words: 'release freeze', gap: null },
    { stage: '5%', reason: 'issue_closed', by: ana, words: null, gap: null },
    { stage: '5%', reason: 'both_arms_failed', by: null, words: null, gap: failure },
  ],
  resumed: [{ stage: '5%', by: ana }],
  retried: [{ stage: '5%', by: ana }],
  completed: [{ by: null }],
  aborted: [{ stage: '25%', by: ana, words: 'the contract ends' }],
  stepped_back: [
    {
      stage: '5%',
      until: START + 3 * HOUR,
      incident: { from: START - 0.25 * HOUR, to: START, gateway: 21.84, official: 0.41 },
      gap: failure,
    },
    { stage: '5%', until: null, incident: null, gap: { ...failure, metrics: { slow_ratio: failed } } },
    {
      stage: 'shadow: 5%',
      until: null,
      incident: { from: START - 0.25 * HOUR, to: START, gateway: 21.84, official: 0.41 },
      gap: { ...failure, metrics: {} },
    },
  ],
  watching: [{ stage: '100%', by: null, until: START + 168 * HOUR }],
  returned: [
    { stage: '5%', by: null },
    { stage: '5%', by: ana },
  ],
  person_needed: [
    { stage: '100%', next: null, have: 1, need: 2 },
    { stage: 'local', next: 'staging', have: 0, need: 1 },
  ],
  regression_noticed: [
    {
      stage: '5%',
      notice: { metric: 'success_rate', ratio: 1.84, low: 1.31, high: 2.57, gateway: 0.92, official: 0.5 },
      tasksADay: 20_000,
    },
    {
      stage: '5%',
      notice: { metric: 'success_rate', ratio: null, low: 1.4, high: null, gateway: 0.6, official: 0 },
      tasksADay: null,
    },
  ],
  model_differs: [{ stage: '25%', pairs: 412 }],
  reopened: [{ stage: '5%', by: ana }],
  traffic_not_written: [
    { target: 1, stage: '25%', detail: 'The App lacks the permission variables: write.' },
  ],
  rollback_not_written: [{ target: 2, detail: 'The deployment failed.', tries: 100 }],
  traffic_drifted: [{ target: 0, stage: '25%', found: '/share is 40' }],
  traffic_restored: [{ target: 3, stage: '25%' }],
  gateway_still_has_traffic: [{ tasks: 1 }, { tasks: 1_204 }],
  config_changed: [
    { stage: '25%', restarted: true, changes: ['gateway.base_url', 'rollout.gates.25%.metrics'] },
    { stage: '25%', restarted: false, changes: ['rollout.notify'] },
  ],
  config_broken: [{ path: '.github/gateway-rollout.yml', problems: ['line 3: unknown key "modls"'] }],
  config_repaired: [{ path: '.github/gateway-rollout.yml' }],
  duplicate_issue: [{ issue: 7 }],
  earlier_issue: [{ issue: 7 }],
  state_not_trusted: (['not_verified', 'rewound', 'newer_schema', 'broken', 'missing'] as const).map(
    (why) => ({
      why,
      branch: 'gateway-rollout/assistant',
      detail: '',
    }),
  ),
  alert: [
    { alert: 'token_limited', detail: '' },
    { alert: 'permissions_missing', detail: 'variables: write' },
    { alert: 'something_new', detail: 'in words' },
  ],
  alert_gone: [{ alert: 'low_balance' }],
};

const messages = Object.entries(EXAMPLES).flatMap(([code, all]) =>
  all.map((data) => messageSchema.parse({ code, data })),
);

describe('what the App says', () => {
  it.each(Object.keys(EXAMPLES))('%s', (code) => {
    const said = messages.filter((message) => message.code === code);
    expect(said.map((message) => renderMessage(message, context)).join('\n\n---\n\n')).toMatchSnapshot();
  });

  it.each(PAUSE_REASONS)('says why it is paused (%s), and what to do', (reason) => {
    const data = { stage: '5%', reason, by: null, words: null, gap: null };
    const said = renderMessage({ code: 'paused', data }, context);
    expect(said).toContain(sentenceOf(REASONS[reason]));
    expect(said).toContain(AFTER_PAUSE[reason]);
  });

  it.each(ROLLBACK_REASONS)('says why it rolled back (%s)', (reason) => {
    const data = { from: '5%', to: '0%', reason, by: null, words: null, gap: null };
    expect(renderMessage({ code: 'rolled_back', data }, context)).toContain(rollbackWhy(reason));
  });

  it('lists the incidents of a rollout in its final report', () => {
    const state = stateWith({ history: [historyEntry('stepped_back', 20, { from: '5%', to: '0%' })] });
    const said = renderMessage({ code: 'completed', data: { by: null } }, { ...context, state });
    expect(said).toContain('#### Incidents\n\n- 2026-11-03 04:00 UTC: stepped back **5%** → **0%**');
  });

  it('mentions those of `notify` where a person is needed, and nobody else', () => {
    const plain = { code: 'traffic_restored', data: { target: 0, stage: '5%' } } as const;
    expect(renderMessage(plain, context)).not.toContain('@');
    expect(renderMessage({ ...plain, mention: true }, context)).toMatch(/\n\n@acme\/platform$/);
  });

  it.each(config.traffic.map(({ kind }, target) => [kind, target] as const))(
    'gives the line that takes the traffic of a %s back by hand',
    (_, target) => {
      const data = { target, detail: 'GitHub does not answer.', tries: 100 };
      expect(renderMessage({ code: 'rollback_not_written', data }, context)).toMatchSnapshot();
    },
  );

  it('has a text for every message before there is a rollout or a config', () => {
    for (const message of messages) {
      const said = renderMessage(message, { config: null, state: null, namesShown: false });
      expect(said).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('finds its own reply again by a marker that nothing can end', () => {
    expect(replyMarker('comment:12#1')).toBe('<!-- gateway-rollout reply:comment%3A12%231 -->');
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (id) => {
        // GitHub's Markdown shows a comment with two hyphens in it as text.
        expect(replyMarker(`${id}--`).slice(4, -3)).not.toMatch(/--|[<>]/);
      }),
    );
  });

  it('lets no mention, marker, link or HTML from outside through', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messages), hostileText, (message, words) => {
        const said = renderMessage(messageSchema.parse(replaced(message, words)), context);
        expectHarmless(said);
      }),
      { numRuns: 300 },
    );
  });
});

/** Text from outside wherever the schema accepts any text. */
function replaced(message: Message, words: string): unknown {
  const freely = [
    'by',
    'detail',
    'words',
    'reason',
    'found',
    'written',
    'asked',
    'label',
    'stage',
    'from',
    'to',
  ];
  const lists = ['refusals', 'problems', 'changes', 'names', 'commands', 'earlier'];
  const data = Object.fromEntries(
    Object.entries(message.data).map(([key, value]) => {
      const isCode = key === 'reason' && message.code !== 'forced';
      if (key === 'by' && value !== null) return [key, { login: words, id: 1 }];
      if (freely.includes(key) && typeof value === 'string' && !isCode) return [key, words];
      if (lists.includes(key)) return [key, [words, words]];
      if (key === 'problem') return [key, { kind: 'unknown_command', written: words, suggestion: words }];
      return [key, value];
    }),
  );
  return { code: message.code, data };
}
