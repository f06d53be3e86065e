import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runJudgeCommand } from '../../src/commands/judge.ts';
import { EMPTY_ARM, formatMeasurement, type Measurement } from '../../src/measure/measurement.ts';
import { arm, healthy, repeat, window } from '../judge/measured.ts';
import { temporaryDirectory } from '../support/files.ts';

const CONFIG = `
gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
measure: { source: jsonl }
rollout:
  stages: [25%, 100%]
  gates: { default: { min_duration: 6h, metrics: { success_rate: { min: 97%, max_drop: 1% }, slow_ratio: { max: 1.5 } } } }
`;

let cwd = '';

beforeEach(async () => {
  cwd = temporaryDirectory();
  await writeFile(join(cwd, 'rollout.yml'), CONFIG);
});

const lookSchema = z.object({
  look: z.number(),
  window: z.object({ from: z.string(), to: z.string() }),
  stage: z.string(),
  verdicts: z.record(z.string(), z.object({ verdict: z.string(), limit: z.record(z.string(), z.number()) })),
  decision: z.object({ kind: z.string(), reasonCode: z.string() }),
});

async function run(content: string, { json = true, config = 'rollout.yml' } = {}) {
  await writeFile(join(cwd, 'measurements.jsonl'), content);
  const [stdout, stderr]: string[][] = [[], []];
  const code = await runJudgeCommand(
    { cwd, file: 'measurements.jsonl', config, json },
    { stdout: (text) => stdout?.push(text), stderr: (text) => stderr?.push(text) },
  );
  return { code, stdout: stdout?.join('') ?? '', stderr: stderr?.join('') ?? '' };
}

const lines = (measurements: readonly Measurement[]) =>
  measurements.map((each) => `${formatMeasurement(each)}\n`).join('');
const looks = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => lookSchema.parse(JSON.parse(line)));
const decisions = (stdout: string) =>
  looks(stdout).map(({ decision }) => `${decision.kind} ${decision.reasonCode}`);

describe('gateway-rollout judge', () => {
  it('prints one look per measurement, and says when the stage would have advanced', async () => {
    const { code, stdout, stderr } = await run(lines(repeat(40, healthy)));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(looks(stdout)).toHaveLength(40);
    expect(looks(stdout)[0]).toMatchObject({
      look: 1,
      window: { from: '2026-11-02T00:00:00.000Z', to: '2026-11-02T00:15:00.000Z' },
      stage: '25%',
      verdicts: { success_rate: { verdict: 'inconclusive', limit: { min: 97, max_drop: 1 } } },
    });
    const decided = decisions(stdout);
    expect(decided[0]).toBe('hold gate_not_met');
    expect(decided.at(-1)).toBe('advance gate_met');
    expect(decided.indexOf('advance gate_met')).toBeGreaterThanOrEqual(23);
  });

  it('prints the same bytes each time, whatever the order of the lines', async () => {
    const windows = repeat(30, healthy);
    const first = await run(lines(windows));
    expect(await run(lines(windows))).toEqual(first);
    const turned = await run(lines(windows.toReversed()));
    expect(turned.stdout).toBe(first.stdout);
    expect(turned.stderr).toContain('not in chronological order');
  });

  it('rolls back at the first look that proves a violation', async () => {
    const worse = (index: number) =>
      index < 20
        ? healthy(index)
        : window(index, { gateway: arm(250, { failed: 100 }), official: arm(750, { failed: 7 }) });
    const decided = decisions((await run(lines(repeat(24, worse)))).stdout);
    expect(decided.slice(0, 20)).not.toContain('rollback metric_failed');
    expect(decided[21]).toBe('rollback metric_failed');
  });

  it('neither passes nor fails without data, and says what is missing', async () => {
    const silent = (index: number) =>
      window(index, { gateway: EMPTY_ARM, official: arm(1000, { failed: 10 }) });
    expect(decisions((await run(lines(repeat(4, silent)))).stdout)).toEqual([
      'hold silent_arm',
      'hold silent_arm',
      'pause blind',
      'pause blind',
    ]);
    const lost = (index: number) => window(index, { official: arm(1000) });
    expect(decisions((await run(lines(repeat(1, lost)))).stdout)).toEqual(['hold no_source_data']);
    const wrong = (index: number) => window(index, { gateway: arm(900), official: arm(100) });
    expect(decisions((await run(lines(repeat(2, wrong)))).stdout)).toEqual([
      'hold traffic_share',
      'hold traffic_share',
    ]);
  });

  it('counts each measurement toward its stage, and judges the last one by history', async () => {
    const whole = (index: number) =>
      window(index, { gateway: arm(1000, { failed: 10, slow: 80 }), official: EMPTY_ARM }, '100%');
    const moved = repeat(30, (index) => ({ ...whole(40 + index), share: 100 }));
    const { stdout } = await run(lines([...repeat(40, healthy), ...moved]));
    const all = looks(stdout);
    const last = all.find(({ stage, decision }) => stage === '100%' && decision.kind === 'advance');
    expect(last).toMatchObject({
      stage: '100%',
      verdicts: {
        success_rate: { verdict: 'pass', limit: { min: 97, max_drop: 1 } },
        slow_ratio: { verdict: 'pass' },
      },
      decision: { kind: 'advance', reasonCode: 'gate_met' },
    });
    expect(last?.verdicts.success_rate?.limit.frozen).toBeGreaterThan(96);
    // From then on production is watched for a week.
    expect(all.at(-1)?.decision).toMatchObject({ kind: 'hold', reasonCode: 'gate_not_met' });
  });

  it('shows the numbers as text', async () => {
    const { stdout } = await run(lines(repeat(2, healthy)), { json: false });
    expect(stdout).toMatchInlineSnapshot(`
      "look 1, until 2026-11-02T00:15:00.000Z, stage 25%: Hold: the gate is not met yet (success_rate, slow_ratio). 250 of 500 tasks on the gateway. 15 min of 6 h in the stage.
        success_rate: inconclusive, needs about 663 more tasks on the gateway, 40 min at the current rate; gateway 99.2 % (96.13 % to 99.996 %); official 99.066 % (97.62 % to 99.816 %); limit: at least 97 %, at most 1 point below official
        slow_ratio: no-data, learning the normal latency from the official API; limit: at most 1.5 × official
      look 2, until 2026-11-02T00:30:00.000Z, stage 25%: Hold: the gate is not met yet (success_rate, slow_ratio). 30 min of 6 h in the stage.
        success_rate: inconclusive, needs about 770 more tasks on the gateway, 47 min at the current rate; gateway 99 % (97.08 % to 99.874 %); official 99 % (98.01 % to 99.631 %); limit: at least 97 %, at most 1 point below official
        slow_ratio: inconclusive, needs about 690 more tasks on the gateway, 42 min at the current rate; gateway 9.2 % (4.524 % to 15.79 %); official 9.067 % (6.168 % to 12.55 %); limit: at most 1.5 × official
      "
    `);
  });
});

describe('invalid input', () => {
  const [good = ''] = lines(repeat(1, healthy)).split('\n');

  it('names each line that is not a measurement', async () => {
    const negative = good.replace('"tasks":250', '"tasks":-1');
    const stranger = good.replace('"stage":"25%"', '"stage":"50%"').replaceAll('2026-11-02', '2026-11-09');
    const { code, stderr, stdout } = await run(`${good}\nnot json\n${negative}\n${stranger}\n`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "error: measurements.jsonl:2: not JSON; expected one measurement per line
      error: measurements.jsonl:3: arms.gateway.tasks: Too small: expected number to be >=0
      error: measurements.jsonl:4: the config has no stage "50%"; expected one of 25%, 100%
      "
    `);
  });

  it('overlapping windows would count twice', async () => {
    expect((await run(`${good}\n${good}\n`)).stderr).toMatchInlineSnapshot(`
      "error: measurements.jsonl:2: the window overlaps the one of line 1; expected consecutive windows
      "
    `);
  });

  it('an incomplete last line is left out with a warning', async () => {
    const { code, stderr, stdout } = await run(`${good}\n${good.slice(0, 100)}`);
    expect({ code, looks: looks(stdout).length }).toEqual({ code: 0, looks: 1 });
    expect(stderr).toMatchInlineSnapshot(`
      "warning: measurements.jsonl:2: the last line is incomplete and was left out
      "
    `);
  });

  it('an empty file, a missing file, a config with mistakes', async () => {
    expect((await run('')).stderr).toMatchInlineSnapshot(`
      "error: measurements.jsonl: no measurements found; collect some with gateway-rollout observe
      "
    `);
    const stderr: string[] = [];
    const missing = { cwd, file: 'nowhere.jsonl', config: 'rollout.yml', json: true };
    expect(
      await runJudgeCommand(missing, { stdout: () => undefined, stderr: (text) => stderr.push(text) }),
    ).toBe(2);
    expect(stderr.join('')).toMatchInlineSnapshot(`
      "error: nowhere.jsonl: the file does not exist; expected a JSONL file of measurements, as observe writes it
      "
    `);
    await writeFile(join(cwd, 'broken.yml'), 'models: []\n');
    expect((await run(good, { config: 'broken.yml' })).code).toBe(2);
  });
});
