/** Newer windows are known: nothing advances before all of them are counted. */
import { describe, expect, it } from 'vitest';
import { logMessage } from '../../src/conversation/commit-message.ts';
import { HOUR, MINUTE, Story, TWO_TARGETS } from './story.ts';

const GATE =
  'gate: { min_duration: 1h, min_tasks: 100, metrics: { success_rate: { min: 95% }, latency_p95: { max: 10s } } }';
const SECTIONS = `measure: { source: prometheus, interval: 1h }
${TWO_TARGETS}rollout: { stages: [5%, 100%], gates: { default: ${GATE.slice('gate: '.length)} } }
`;
const BUSY = { tasks: 20_000 };

/** A good window that would be enough, delivered while a newer one waits. */
function behind(): Story {
  const story = new Story(SECTIONS).works();
  const from = Math.ceil(story.now / MINUTE) * MINUTE;
  story.later(2 * HOUR);
  return story.happens({
    kind: 'measured',
    isMore: true,
    measurement: story.window(from, from + HOUR, BUSY),
  });
}

describe('while a newer window is known but not counted yet', () => {
  it('nothing advances, whatever else happens in between', () => {
    const story = behind();
    expect(story.position).toBe('progressing 5%');
    expect(story.ticks().position).toBe('progressing 5%');
    story.happens({ kind: 'checks_changed', workflows: { 'ci.yml': 'green' }, checks: {} });
    expect(story.position).toBe('progressing 5%');
    story.says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing 5%');
    expect(story.message('gate_not_met')?.data.gap.reasonCode).toBe('windows_unseen');
  });

  it('the log does not say that the rollout advanced', () => {
    const story = behind();
    expect(story.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'windows_unseen' });
    const event = story.events.at(-1);
    if (event === undefined) throw new Error('expected an event');
    const { state, last } = story;
    const [line] = logMessage({ before: state, after: state, event, transition: last }).split('\n');
    expect(line).toContain('hold (windows_unseen)');
  });

  it('the newest one advances the rollout, or rolls it back', () => {
    const [good, bad] = [behind(), behind()];
    const newest = (story: Story, failed: number) =>
      story.window(story.state.stage.measuredTo ?? 0, story.now, { ...BUSY, gateway: { failed } });
    expect(good.happens({ kind: 'measured', measurement: newest(good, 0) }).position).toBe(
      'progressing 100%',
    );
    expect(bad.happens({ kind: 'measured', measurement: newest(bad, 40) }).position).toContain('rolled-back');
  });
});
