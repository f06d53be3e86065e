import { describe, expect, it } from 'vitest';
import { logMessage } from '../../src/conversation/commit-message.ts';
import type { RolloutEvent } from '../../src/rollout/event.ts';
import type { Decision } from '../../src/rollout/stage-decision.ts';
import type { HistoryEntry } from '../../src/rollout/state.ts';
import { emptyMeasurement } from '../measure/measurements.ts';
import { ana, config, HOSTILE, HOUR, historyEntry, START, stateWith } from '../rollout/states.ts';
import { readDocument } from '../support/documents.ts';

const decision: Decision = { kind: 'hold', reasonCode: 'undecided', metrics: ['slow_ratio'], missing: [] };
const tick: RolloutEvent = { kind: 'tick', key: 'tick:1' };

/** What the commit says when this happens in a healthy stage of 5 %. */
function said(happened: readonly HistoryEntry[], event: RolloutEvent = tick, before = stateWith()): string {
  const after = { ...before, history: [...before.history, ...happened] };
  return logMessage({ before, after, event, transition: { decision, look: null } });
}

const firstLine = (message: string): string => message.split('\n')[0] ?? '';

describe('the log line of a transition', () => {
  it.each<readonly [HistoryEntry['kind'], Partial<HistoryEntry>, string]>([
    [
      'advanced',
      { from: '5%', to: '25%' },
      'advance 5% → 25%: success rate 99.91 % [99.55, 100], 2,110 tasks',
    ],
    [
      'forced',
      { from: '5%', to: '25%', reason: 'by hand' },
      'force 5% → 25%: by hand; success rate 99.91 % [99.55, 100], 2,110 tasks',
    ],
    [
      'rolled_back',
      { from: '5%', to: '0%', reason: 'metric_failed' },
      'roll back 5% → 0%: metric_failed; success rate 99.91 % [99.55, 100], 2,110 tasks',
    ],
    [
      'stepped_back',
      { from: '5%', to: '0%' },
      'step back 5% → 0%; success rate 99.91 % [99.55, 100], 2,110 tasks',
    ],
    ['returned', { from: '0%', to: '5%' }, 'return to 5%'],
    ['accepted', { from: '5%', by: ana }, 'accept the regression in 5%'],
    ['watching', { from: '100%' }, 'watch after 100%: success rate 99.91 % [99.55, 100], 2,110 tasks'],
    ['completed', { from: '100%' }, 'complete: success rate 99.91 % [99.55, 100], 2,110 tasks'],
    ['paused', { from: '5%', reason: 'by_person' }, 'pause in 5%: by_person'],
    ['approved', { from: '5%' }, 'approve 5%'],
  ])('%s', (kind, about, line) => {
    expect(firstLine(said([historyEntry(kind, 21, about)]))).toBe(line);
  });

  it('matches the example in the documentation of the App', () => {
    const page = readDocument('app/README.md');
    expect(page).toContain(
      ` +0000 ${firstLine(said([historyEntry('advanced', 21, { from: '5%', to: '25%' })]))}\n`,
    );
  });

  it('shows the numbers of the look that decided, not those before its window', () => {
    const before = stateWith();
    const after = { ...before, history: [...before.history, historyEntry('advanced', 21, { to: '25%' })] };
    const message = logMessage({
      before,
      after,
      event: tick,
      transition: { decision, look: { verdicts: {}, tasks: 2_400 } },
    });
    expect(firstLine(message)).toContain('2,400 tasks');
  });

  it('names who, why and on what evidence in trailers, and starts no workflow', () => {
    const event: RolloutEvent = {
      kind: 'command',
      key: 'comment:102',
      command: { kind: 'advance', to: null, dryRun: false },
      by: ana,
      authority: { role: 'write', teams: [] },
      comment: 102,
      at: START,
      outsider: false,
    };
    const before = stateWith();
    const message = logMessage({
      before,
      after: before,
      event,
      transition: { decision, look: null },
      digest: 'c0ffee',
    });
    expect(message).toBe(
      'answer /advance-rollout in 5%\n\n[skip ci]\n\nActor: ana (1)\nEvent: comment:102\nEvidence: c0ffee\n',
    );
  });

  it('says what was measured, and what followed', () => {
    const window = { from: START, to: START + HOUR };
    const measurement = emptyMeasurement({ window });
    const line = firstLine(said([], { kind: 'measured', key: 'run:4', measurement }));
    expect(line).toBe('measured 5% from 2026-11-02 08:00 UTC to 2026-11-02 09:00 UTC: hold (undecided)');
  });

  it('names the target that was written', () => {
    const effect = {
      kind: 'write_traffic',
      target: 1,
      shares: { everything: 25, slices: {} },
      stage: '25%',
      generation: 3,
      purpose: 'advance',
    } as const;
    const before = stateWith({
      pending: [{ id: 'tick:1#1', effect, tries: 0, since: START, takenAt: null }],
    });
    const done: RolloutEvent = { kind: 'effect_done', key: 'done:tick:1#1', id: 'tick:1#1' };
    expect(firstLine(said([], done, before))).toBe('done: write_traffic to target 2');
  });

  it('starts with the start', () => {
    const after = stateWith({ history: [historyEntry('started', 0, { to: 'local' })] });
    const { config: source } = after;
    const event = { key: 'push:1', name: 'assistant', source, config, by: null, asked: null, refusals: [] };
    const message = logMessage({ before: null, after, event, transition: { decision, look: null } });
    expect(message).toBe('start at local\n\n[skip ci]\n\nEvent: push:1\n');
  });

  it('finds new entries even where the history is full', () => {
    const before = stateWith({
      history: Array.from({ length: 50 }, (_, hour) => historyEntry('approved', hour, { from: '5%' })),
    });
    const paused = historyEntry('paused', 51, { from: '5%' });
    const after = { ...before, history: [...before.history.slice(1), paused] };
    expect(firstLine(logMessage({ before, after, event: tick, transition: { decision, look: null } }))).toBe(
      'pause in 5%',
    );
  });

  it('stays on one line and mentions nobody, whatever people write', () => {
    const message = said([
      historyEntry('forced', 21, { from: HOSTILE, to: HOSTILE, reason: HOSTILE, by: ana }),
    ]);
    expect(message.split('\n\n')).toHaveLength(3);
    expect(firstLine(message)).not.toMatch(/@\w|#\d|GH-\d/);
    expect(message).toMatch(/\n\n\[skip ci\]\n\nEvent: tick:1\n$/);
  });
});
