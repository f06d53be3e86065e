/** States that this program never writes, such as one edited by hand or written by an older version. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/conversation/parse-command.ts';
import { decide } from '../../src/rollout/decide.ts';
import { dueEffects, type RolloutState, rolloutStateSchema } from '../../src/rollout/state.ts';
import { type AnyEvent, HOUR, MEASURED, MINUTE, Story, TWO_TARGETS } from './story.ts';

const STICKY = `${MEASURED}${TWO_TARGETS}rollout: { cluster: user, holdback: 1% }\n`;

function seeds(): Story[] {
  const bad = { tasks: 20_000, gateway: { failed: 15 } };
  return [
    new Story(),
    new Story(STICKY).forcedTo('25%').runs(12 * HOUR, { tasks: 2000 }),
    new Story().forcedTo('50%').runs(8 * HOUR, bad),
    new Story().forcedTo('100%').later(MINUTE).says('ann', '/rollback-rollout to 5%'),
    new Story().forcedTo('100%').later(MINUTE).says('maya', '/abort-rollout', { role: 'admin' }),
  ];
}

const by = { login: 'ann', id: 1 };

function eventsFor(story: Story): AnyEvent[] {
  const { now, state } = story;
  const ids = state.pending.map(({ id }) => id);
  const { generation } = state.stage.traffic;
  const commands = [
    '/advance-rollout',
    '/advance-rollout --force --reason "so"',
    '/rollback-rollout',
    '/rollback-rollout to 5%',
    '/retry-rollout',
    '/pause-rollout',
    '/resume-rollout',
    '/abort-rollout',
  ].flatMap((text): AnyEvent[] => {
    const command = parseCommand(text);
    const authority = { role: 'admin', teams: [] } as const;
    const said = { by, authority, comment: 1_000_000, at: now, outsider: false } as const;
    return command === null ? [] : [{ kind: 'command', command, ...said }];
  });
  return [
    ...commands,
    { kind: 'tick' },
    { kind: 'measured', measurement: story.window(now, now + MINUTE, { tasks: 1000 }) },
    { kind: 'measuring_failed', problem: 'source_error', detail: '' },
    { kind: 'policy_checked', refusals: [] },
    {
      kind: 'config_changed',
      source: { path: 'p', sha: 'other', text: '' },
      config: new Story(STICKY).config,
    },
    { kind: 'traffic_drifted', target: 0, found: '1' },
    { kind: 'traffic_reported', target: 0, generation, outcome: 'failed', detail: '' },
    { kind: 'issue_gone', by: null },
    ...ids.flatMap((id): AnyEvent[] => [
      { kind: 'effect_done', id, verified: true },
      { kind: 'effect_failed', id, detail: '', final: true },
      { kind: 'effect_taken', id, takenAt: null },
    ]),
  ];
}

/** Changes one value somewhere in a state: another number, another word, a shorter list. */
function mutated(value: unknown, path: readonly number[], other: number): unknown {
  const [step = 0, ...rest] = path;
  if (typeof value === 'number') return other;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return WORDS[other % WORDS.length];
  if (Array.isArray(value)) {
    const at = step % (value.length + 1);
    if (at === value.length) return value.slice(0, other % (value.length + 1));
    return value.with(at, mutated(value[at], rest, other));
  }
  const entries = Object.entries(value ?? {});
  const at = step % Math.max(1, entries.length);
  return Object.fromEntries(
    entries.map(([key, each], index) => [key, index === at ? mutated(each, rest, other) : each]),
  );
}

const WORDS = ['', '5%', 'nowhere', 'waiting', 'failed', 'rollback', 'policy', 'paused', '+Inf', '__proto__'];

const mutation = fc.record({
  path: fc.array(fc.nat(40), { minLength: 1, maxLength: 9 }),
  other: fc.constantFrom(0, 1, 2, 3, 7, 50, 1_000, 2 ** 40),
});

describe('an unexpected state', () => {
  it('never makes decide throw, and leads to valid states', () => {
    const stories = seeds();
    let valid = 0;
    fc.assert(
      fc.property(
        fc.nat(stories.length - 1),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (which, all) => {
          const story = stories[which] ?? new Story();
          const changed = all.reduce<unknown>(
            (state, { path, other }) => mutated(state, path, other),
            story.state,
          );
          const read = rolloutStateSchema.safeParse(changed);
          if (!read.success) return;
          valid += 1;
          for (const [index, event] of eventsFor(story).entries()) {
            const rollout = { config: story.config, state: read.data };
            const { state } = decide(rollout, { key: `event:${index}`, ...event }, story.now);
            expect(problemsOf(state)).toEqual([]);
            expect(dueEffects(state).length).toBeLessThanOrEqual(state.pending.length);
          }
        },
      ),
      { numRuns: Number(process.env.LAW_RUNS ?? 40), seed: Number(process.env.LAW_SEED ?? 20_261_102) },
    );
    expect(valid).toBeGreaterThan(10);
  });
});

function problemsOf(state: RolloutState): readonly unknown[] {
  const read = rolloutStateSchema.safeParse(JSON.parse(JSON.stringify(state)));
  return read.success ? [] : read.error.issues;
}
