/** Random events in random order: story.ts checks every step against the invariants. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES } from '../../src/rollout/actor.ts';
import { type Answer, type AnyEvent, HOUR, Story } from './story.ts';

const GATES =
  'gates: { default: { min_duration: 0s, min_tasks: 100, metrics: { success_rate: { max_drop: 2% }, error_ratio: { max: 3, guard: true }, slow_ratio: { max: 2 } } } }';
const MEASURE = 'measure: { source: prometheus, interval: 1h }';

const CONFIGS = [
  `${MEASURE}
traffic: [{ variable: { name: SHARE } }, { deployment: { environment: production } }]
rollout: { ${GATES} }`,
  `${MEASURE}
traffic: [{ dispatch: { event_type: rollout } }]
rollout: { stages: [staging, "gpt-4o-mini: 5%", "gpt-4o-mini: 100%", 25%, 100%], holdback: 1%, ${GATES} }`,
  `${MEASURE}
workloads: [tools, core]
rollout: { stages: [local, tools, core], on_failure: pause, on_blind: rollback, ${GATES} }`,
  `${MEASURE}
traffic: [{ variable: { name: SHARE } }]
rollout: { stages: [5%, 50%, 100%], ${GATES.replace('0s', '20h')} }`,
  `measure: { source: jsonl, interval: 1h }
traffic: [{ dispatch: { event_type: rollout } }]
rollout: { stages: [local, "shadow: 20%", shadow, 25%, 100%], shadow: { max_cost_usd: 2 }, ${GATES} }`,
  `traffic: [{ variable: { name: SHARE } }]
rollout: { stages: [5%, 50%, 100%], advance: manual, gates: { default: { manual: true, approvals: 2 } } }`,
];

/** One event, adapted to the state that it meets. */
type Step = (story: Story) => void;

/** Steps of one kind, which a counterexample shows by what is drawn. */
function steps<About>(drawn: fc.Arbitrary<About>, happens: (story: Story, about: About) => void) {
  return drawn.map((about): Step => {
    const step: Step = (story) => happens(story, about);
    return Object.assign(step, { [fc.toStringMethod]: () => JSON.stringify(about) });
  });
}

const percent = fc.constantFrom(0, 1, 5, 40);
const measured = steps(
  fc.record({
    tasks: fc.constantFrom(0, 100, 2000),
    ours: percent,
    theirs: percent,
    slow: percent,
    seen: fc.constantFrom(null, null, null, 0, 3, 50, 100),
    silent: fc.constantFrom('none', 'none', 'none', 'gateway', 'official'),
    hours: fc.constantFrom(0, 1, 2, 30),
    late: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  (story, { tasks, ours, theirs, slow, seen, silent, hours, late }) => {
    const from = story.now - late * HOUR;
    story.later(hours * HOUR);
    const measurement = story.window(from, story.now, {
      tasks,
      gateway: silent === 'gateway' ? null : { failed: ours, slow },
      official: silent === 'official' ? null : { failed: theirs },
      ...(seen === null ? {} : { seen }),
    });
    story.happens({ kind: 'measured', measurement });
  },
);

const spoken = steps(
  fc.record({
    who: fc.constantFrom('ann', 'bob', 'cid'),
    text: fc.constantFrom(
      '/advance-rollout',
      '/advance-rollout to 25%',
      '/advance-rollout to nowhere',
      '/advance-rollout --dry-run',
      '/advance-rollout --force --reason "known"',
      '/rollback-rollout',
      '/rollback-rollout to 5%',
      '/rollback-rollout to local',
      '/rollback-rollout to tools',
      '/rollback-rollout to shadow',
      '/retry-rollout',
      '/pause-rollout',
      '/resume-rollout',
      '/abort-rollout',
      '/rollout-status',
      '/start-rollout',
      '/advance-rollot',
    ),
    role: fc.constantFrom(...ROLES, 'admin', 'admin', 'admin', 'admin', 'admin'),
    ago: fc.constantFrom(0, 0, 0, HOUR),
    outsider: fc.boolean(),
  }),
  (story, { who, text, ago, ...more }) => story.says(who, text, { ...more, at: story.now - ago }),
);

/** Steps that advance the rollout are drawn more often, or no story would get far. */
const forward = steps(
  fc.constantFrom(
    '/advance-rollout',
    '/advance-rollout --force --reason "go"',
    '/retry-rollout',
    '/resume-rollout',
  ),
  (story, text) => story.later(HOUR).says('ann', text, { role: 'admin' }),
);

/** Good hours, then a bad one. */
const incidents = steps(fc.constantFrom(10, 40), (story, failed) => {
  story.works();
  for (let window = 0; window <= 10; window += 1) {
    const from = story.now;
    const gateway = { failed: window === 10 ? failed : 0, slow: 0 };
    const measurement = story.later(HOUR).window(from, story.now, { tasks: 4000, gateway });
    story.happens({ kind: 'measured', measurement });
  }
});

const target = fc.nat(2);
const reported = steps(
  fc.record({
    target,
    behind: fc.nat(1),
    outcome: fc.constantFrom('verified', 'verified', 'failed', 'timed_out'),
  }),
  (story, { behind, ...report }) => {
    const generation = Math.max(0, story.state.stage.traffic.generation - behind);
    story.happens({ kind: 'traffic_reported', generation, detail: 'so it was told', ...report });
  },
);

const answered = steps(
  fc.record({
    target,
    answer: fc.constantFrom<Answer[]>('verified', 'verified', 'accepted', 'fails', 'refuses'),
  }),
  (story, { target: index, answer }) => {
    story.answers[index] = answer;
  },
);

const by = { login: 'ann', id: 1 };
const SIMPLE: readonly AnyEvent[] = [
  { kind: 'tick' },
  { kind: 'tick' },
  { kind: 'measuring_failed', problem: 'source_error', detail: 'status 500' },
  { kind: 'checks_changed', workflows: { 'ci.yml': 'green' }, checks: { lint: 'red' } },
  { kind: 'config_broken', sha: 'broken', problems: ['line 3: no'] },
  { kind: 'policy_checked', refusals: ['a contract'] },
  { kind: 'policy_checked', refusals: [] },
  { kind: 'traffic_drifted', target: 0, found: '50' },
  { kind: 'traffic_restored', target: 0 },
  { kind: 'issue_opened', issue: 8 },
  { kind: 'issue_closed', by },
  { kind: 'issue_reopened', by },
  { kind: 'issue_gone', by: null },
  { kind: 'alert', code: 'permission_missing', detail: 'variables' },
  { kind: 'alert_gone', code: 'permission_missing' },
  { kind: 'effect_done', id: 'nobody knows it' },
  { kind: 'effect_failed', id: 'nobody knows it', detail: 'no', final: true },
  { kind: 'effect_taken', id: 'nobody knows it', takenAt: null },
];
const simple = steps(
  fc.record({ event: fc.constantFrom(...SIMPLE), hours: fc.constantFrom(0, 0, 1, 12) }),
  (story, { event, hours }) => story.later(hours * HOUR).happens(event),
);

const boxed = steps(
  fc.record({
    label: fc.constantFrom(null, 'local', 'staging', '5%', '25%', 'tools'),
    role: fc.constantFrom(...ROLES),
  }),
  (story, { label, role }) => story.ticksBox('bob', label, role),
);

const pushed = steps(fc.constantFrom(...CONFIGS), (story, sections) => story.pushes(sections));

/** GitHub delivers twice, and late. */
const again = steps(fc.nat(), (story, number) => {
  const event = story.events[number % Math.max(1, story.events.length)];
  if (event !== undefined && event.kind !== 'config_changed') story.happens(event);
});

const anything = fc.oneof(
  { weight: 6, arbitrary: measured },
  { weight: 2, arbitrary: incidents },
  { weight: 5, arbitrary: forward },
  { weight: 3, arbitrary: spoken },
  { weight: 3, arbitrary: simple },
  { weight: 2, arbitrary: reported },
  { weight: 1, arbitrary: answered },
  { weight: 1, arbitrary: boxed },
  { weight: 1, arbitrary: pushed },
  { weight: 1, arbitrary: again },
);

describe('any story of a rollout', () => {
  // The same stories in every run of the suite; others, and a night's worth of them, may be asked for.
  const numRuns = Number(process.env.LAW_RUNS ?? 100);
  const seed = Number(process.env.LAW_SEED ?? 20_261_103);

  it('keeps every invariant, and a state that survives its file', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom(...CONFIGS),
        fc.nat(6),
        fc.array(anything, { minLength: 5, maxLength: 30 }),
        (sections, ahead, story) => {
          const rollout = new Story(sections);
          for (let step = 0; step < ahead; step += 1) {
            rollout
              .works()
              .later(HOUR)
              .says('ann', '/advance-rollout --force --reason "ahead"', { role: 'admin' });
          }
          for (const happens of story) {
            happens(rollout);
            met.add(rollout.state.status.kind);
          }
        },
      ),
      { numRuns, seed },
    );
    // Laws say nothing about what no story meets.
    expect([...met].sort()).toEqual([
      'aborted',
      'completed',
      'paused',
      'progressing',
      'rolled-back',
      'stepped-back',
    ]);
  });
});
