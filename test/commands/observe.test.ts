import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { performObserve } from '../../src/commands/observe/perform.ts';
import type { ObserveSettings } from '../../src/commands/observe/plan.ts';
import { runObserveCommand } from '../../src/commands/observe.ts';
import { type Measurement, measurementSchema } from '../../src/measure/measurement.ts';
import { endOf, formatRecord, type RequestRecord } from '../../src/measure/record.ts';
import { valid } from '../config/configs.ts';
import { sendJson, serve } from '../gateway/loopback.ts';
import { sumOf } from '../measure/measurements.ts';
import { record } from '../measure/records.ts';
import { temporaryDirectory } from '../support/files.ts';
import { newApiServer, openaiUsageServer } from '../support/usage-servers.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-22T12:00:20.000Z');
const TOKEN = 'prom-secret-token-1234567890';
/** Of the source `jsonl`. */
const LAG = 11 * MINUTE;

const BASE = `
gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
rollout: { stages: [local, 5%, 25%, 100%] }
`;
const JSONL = `${BASE}measure: { source: jsonl }\n`;
const PROMETHEUS = `${BASE}measure: { source: prometheus }\n`;

let directory = '';

beforeEach(() => {
  directory = temporaryDirectory();
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const write = (name: string, text: string) => writeFile(join(directory, name), text);
const stored = async () => {
  const text = await readFile(join(directory, 'out.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => measurementSchema.parse(JSON.parse(line)));
};

/** A task on each arm every minute of the last hours; the gateway's every tenth fails. */
function traffic(hours: number): RequestRecord[] {
  return Array.from({ length: hours * 60 }, (_, minute) => {
    const ts = NOW - hours * HOUR + minute * MINUTE;
    const failed = minute % 10 === 0;
    const told = { key: 'backend', member: 'ada' };
    return [
      record({ ...told, arm: 'official', task: `o${minute}`, ts, duration_ms: 800, ttft_ms: 200 }),
      record({
        ...told,
        task: `g${minute}`,
        ts,
        duration_ms: 600,
        ...(failed
          ? { status: 503, error: 'overloaded', input_tokens: undefined, output_tokens: undefined }
          : {}),
      }),
    ];
  }).flat();
}
const lines = (records: readonly RequestRecord[]) =>
  records.map((each) => `${formatRecord(each)}\n`).join('');

async function observe(
  settings: ObserveSettings,
  environment: Record<string, string>,
  { json = false, columns = 80 } = {},
) {
  let [stdout, stderr] = ['', ''];
  const terminal = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
    color: false,
    columns,
  };
  const patience = { attempts: 2, firstPauseMs: 1, deadlineMs: 5_000 };
  const code = await runObserveCommand(
    { config: 'rollout.yml', ...settings },
    { json, directory },
    environment,
    terminal,
    patience,
  );
  return { code, stdout, stderr };
}

describe('observe, from a file of records', () => {
  const records = { MEASURE_JSONL: 'records.jsonl' };

  beforeEach(async () => {
    await write('rollout.yml', JSONL);
    await write('records.jsonl', lines(traffic(3)));
  });

  it('shows both arms side by side, without a verdict', async () => {
    const { code, stdout, stderr } = await observe({ since: '1h', stage: '5%' }, records);
    expect(code).toBe(0);
    expect(stderr).toBe('note: Measuring from 2026-11-22 10:49 to 2026-11-22 11:49 UTC.\n');
    expect(stdout).toMatchSnapshot();
  });

  it('keeps one table on a narrow terminal', async () => {
    const { stdout } = await observe({ since: '1h', stage: '5%' }, records, { columns: 40 });
    expect(stdout).toMatchSnapshot();
  });

  it('says what copies cost that the stage does not ask for, in the tables as well', async () => {
    const copies = traffic(3).filter(({ arm }) => arm === 'gateway');
    const all = [...traffic(3), ...copies.map((each) => ({ ...each, task: `${each.task}c`, shadow: true }))];
    await write('records.jsonl', lines(all.toSorted((a, b) => endOf(a) - endOf(b))));
    const given = { since: '1h', stage: '5%', html: 'page.html' };
    const { stdout, stderr } = await observe(given, records);
    const [, cost] = /copied 60 requests to the gateway \((0\.\d+ USD)/.exec(stderr) ?? [];
    expect(stderr).toContain('nothing should be copied at 5% now');
    expect(stdout).toMatch(new RegExp(`Cost of copies +– +${cost}`));
    const page = await readFile(join(directory, 'page.html'), 'utf8');
    const rows = page.match(/<th[^>]*>Copies: 60 requests.*?<\/tr>/gs);
    // By model, by key, by member.
    expect(rows).toHaveLength(3);
    expect(rows?.every((row) => row.includes(`${cost}`))).toBe(true);
  });

  it('prints with --json exactly what it stores', async () => {
    const { code, stdout } = await observe({ stage: '25%', out: 'out.jsonl' }, records, { json: true });
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(join(directory, 'out.jsonl'), 'utf8'));
    expect(await stored()).toMatchObject([
      { stage: '25%', share: 25, source: 'jsonl', arms: { official: { tasks: 15 }, gateway: { tasks: 15 } } },
    ]);
  });

  it('continues where the last window ended, in its stage, whatever --since says', async () => {
    await observe({ stage: '25%', out: 'out.jsonl' }, records);
    vi.setSystemTime(NOW + 7 * MINUTE);
    const { code, stderr } = await observe({ since: '2h', out: 'out.jsonl' }, records);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'note: Measuring from 2026-11-22 11:49 to 2026-11-22 11:56 UTC.\n',
    });
    const [first, second] = await stored();
    expect(second).toMatchObject({ stage: '25%', window: { from: first?.window.to } });
  });

  it('counts the evaluations of a file once, whatever comes between', async () => {
    const score = (test: string, arm: string, of: number) => `${JSON.stringify({ test, arm, score: of })}\n`;
    const first = score('a', 'official', 1) + score('a', 'gateway', 0.5);
    const counted = [
      [first, [[32, 1]]],
      [first, []],
      [null, []],
      [first, []],
      [first + score('b', 'official', 1) + score('b', 'gateway', 1), [[0, 1]]],
    ] as const;
    for (const [run, [text]] of counted.entries()) {
      vi.setSystemTime(NOW + 7 * run * MINUTE);
      await write('evals.jsonl', text ?? '');
      const given = text === null ? {} : { evaluations: 'evals.jsonl' };
      const { code, stderr } = await observe({ stage: '25%', out: 'out.jsonl', ...given }, records);
      expect([code, stderr.includes('nothing new')]).toEqual([0, run === 1 || run === 3]);
    }
    expect((await stored()).map(({ evaluations }) => evaluations?.differences)).toEqual(
      counted.map(([, differences]) => differences),
    );
  });

  it('stores nothing if a line of the evaluations is wrong, and names it', async () => {
    await write('evals.jsonl', '{"test":"a","arm":"gateway","score":2}\n');
    const given = { stage: '25%', out: 'out.jsonl', evaluations: 'evals.jsonl' };
    const { code, stderr } = await observe(given, records);
    expect([code, stderr]).toEqual([2, expect.stringContaining('evals.jsonl:1: score: a score from 0 to 1')]);
    expect((await observe({ ...given, evaluations: 'no.jsonl' }, records)).stderr).toContain('no.jsonl:');
    expect(await stored()).toEqual([]);
  });

  it("shows all stored measurements on a page, with the judge's verdicts", async () => {
    await observe({ stage: '25%', since: '1h', out: 'out.jsonl' }, records);
    vi.setSystemTime(NOW + 7 * MINUTE);
    const { code } = await observe({ out: 'out.jsonl', html: 'page.html' }, records);
    expect(code).toBe(0);
    const page = await readFile(join(directory, 'page.html'), 'utf8');
    expect(page).toContain('2 windows from 2026-11-22 10:49 to 2026-11-22 11:56 UTC');
    expect(page).toContain('aria-current="step"');
    expect(page).toContain('Cost by member');
  });

  it('measures even if the page cannot be written or the stored lines cannot be judged, and says so', async () => {
    const nowhere = await observe({ stage: '5%', out: 'out.jsonl', html: 'no/such/page.html' }, records);
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining("Can't write the page") });
    expect(await stored()).toHaveLength(1);
    await write('rollout.yml', JSONL.replace('[local, 5%,', '[local, 10%,'));
    vi.setSystemTime(NOW + 7 * MINUTE);
    const odd = await observe({ stage: '10%', out: 'out.jsonl', html: 'page.html' }, records);
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('the config has no stage "5%"') });
    expect(await readFile(join(directory, 'page.html'), 'utf8')).toContain('1 window from');
  });

  it('stores nothing before another whole minute is complete', async () => {
    await observe({ stage: '5%', out: 'out.jsonl' }, records);
    const again = await observe({ out: 'out.jsonl' }, records);
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toContain('later data is complete at 2026-11-22T12:01:00.000Z');
    expect(await stored()).toHaveLength(1);
  });

  it('says which stage it chose, and that a window may mix two stages', async () => {
    const first = await observe({ out: 'out.jsonl' }, records);
    expect(first.stderr).toContain('The measurement counts toward 5%, the first stage that moves traffic');
    vi.setSystemTime(NOW + 15 * MINUTE);
    const second = await observe({ stage: '25%', out: 'out.jsonl' }, records);
    expect(second.stderr).toContain('Measure right before you raise a share');
  });

  it('distinguishes an arm without data from an arm without tasks', async () => {
    await write('records.jsonl', lines(traffic(3).filter(({ arm }) => arm === 'official')));
    const { stdout } = await observe({ stage: '5%' }, records, { json: true });
    expect(JSON.parse(stdout).arms).toMatchObject({ official: { tasks: 15 }, gateway: { tasks: 0 } });
    await write('records.jsonl', lines(traffic(3).filter(({ ts }) => ts < NOW - 2 * HOUR)));
    const silent = await observe({ stage: '5%' }, records, { json: true });
    expect(JSON.parse(silent.stdout).arms).toEqual({ official: null, gateway: null });
    expect(silent.stderr).toContain('No record in records.jsonl ended from');
  });

  it('stores nothing if a record or a stored window is from the future', async () => {
    await write('records.jsonl', lines([record({ ts: NOW + HOUR })]));
    const ahead = await observe({ stage: '5%', out: 'out.jsonl' }, records);
    expect(ahead).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('clocks to agree'),
    });
    expect(await stored()).toEqual([]);
    await write('records.jsonl', lines(traffic(3)));
    await observe({ stage: '5%', out: 'out.jsonl' }, records);
    vi.setSystemTime(NOW - 5 * HOUR);
    const back = await observe({ out: 'out.jsonl' }, records);
    expect(back).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('after the current time'),
    });
    expect(await stored()).toHaveLength(1);
  });

  it('counts every task once, however irregular its runs are', async () => {
    const all = traffic(8);
    const config = valid(JSONL);
    const run = async (now: number, settings: ObserveSettings) => {
      await write('records.jsonl', lines(all.filter((each) => endOf(each) <= now)));
      return performObserve({ stage: '5%', out: 'out.jsonl', ...settings }, config, {
        directory,
        environment: records,
        front: 'command-line',
        isPrivate: true,
        now: () => now,
        onSecrets: () => undefined,
        onNote: () => undefined,
      });
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 70 * MINUTE }), { maxLength: 6 }),
        async (pauses) => {
          await rm(join(directory, 'out.jsonl'), { force: true });
          let now = NOW - 6 * HOUR;
          await run(now, { since: '30m' });
          for (const pause of pauses) {
            now = Math.min(NOW, now + pause);
            await run(now, {});
          }
          const sum = sumOf(await stored());
          expect(tasksOf(sum)).toEqual(tasksBetween(all, sum.window));
          expect(sum.window.to).toBe(Math.floor((now - LAG) / MINUTE) * MINUTE);
        },
      ),
      { numRuns: 5 },
    );
  });
});

const tasksOf = ({ arms }: Measurement) => [arms.official?.tasks, arms.gateway?.tasks];

function tasksBetween(records: readonly RequestRecord[], { from, to }: Measurement['window']) {
  const ended = records.filter((each) => endOf(each) >= from && endOf(each) < to);
  return (['official', 'gateway'] as const).map((arm) => ended.filter((each) => each.arm === arm).length);
}

describe('observe, from sources over the network', () => {
  it('joins the official usage and a platform into one measurement', async () => {
    // These servers tell the real time.
    vi.useRealTimers();
    const now = Date.now();
    const at = now - 15 * MINUTE;
    const usage = {
      at,
      model: 'gpt-4o-mini',
      api_key_id: 'key_backend',
      user_id: 'user-ada',
      num_model_requests: 40,
      input_tokens: 40_000,
      output_tokens: 4_000,
      input_cached_tokens: 0,
    };
    const line = {
      created_at: Math.floor(at / 1000),
      type: 2,
      token_name: 'backend',
      username: 'ada',
      model_name: 'gpt-4o-mini',
      quota: 50_000,
      prompt_tokens: 1_000,
      completion_tokens: 100,
      use_time: 1,
    };
    const [openai, platform] = [
      await openaiUsageServer(TOKEN, [usage]),
      await newApiServer(TOKEN, '7', [line]),
    ];
    const environment = {
      OPENAI_ADMIN_KEY: TOKEN,
      OPENAI_ADMIN_URL: openai.baseUrl,
      NEW_API_URL: platform.baseUrl,
      NEW_API_TOKEN: TOKEN,
      NEW_API_USER_ID: '7',
    };
    const seen: string[] = [];
    const outcome = await performObserve(
      { stage: '5%', since: '20m' },
      valid(`${BASE}measure: { official: openai, gateway: new-api }\n`),
      {
        directory,
        environment,
        front: 'command-line',
        isPrivate: true,
        now: () => now,
        onSecrets: (secrets) => seen.push(...secrets),
        onNote: () => undefined,
      },
    );
    expect(outcome).toMatchObject({
      kind: 'observed',
      measurement: {
        source: 'new-api+openai',
        arms: {
          official: { attempts: 40, tasks: null, tokens: { input: 40_000 } },
          gateway: { attempts: 1, cost: { usd: 0.1 }, byMember: [{ name: 'ada' }] },
        },
      },
    });
    expect(seen).toEqual([TOKEN]);
  });

  it('stores nothing if one of two sources fails, and reports the failure without the token', async () => {
    const failing = await serve((_, response) =>
      sendJson(response, 500, { status: 'error', error: `no store for ${TOKEN}` }, date(NOW)),
    );
    await write('rollout.yml', `${BASE}measure: { official: prometheus, gateway: jsonl }\n`);
    await write('records.jsonl', lines(traffic(1)));
    const environment = { PROMETHEUS_URL: failing, PROMETHEUS_TOKEN: TOKEN, MEASURE_JSONL: 'records.jsonl' };
    const { code, stdout, stderr } = await observe({ stage: '5%', out: 'out.jsonl' }, environment);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error: Prometheus returned status 500 for /api/v1/query (2 attempts)');
    expect(stderr).toContain('Nothing was stored; the next measurement starts where this one would have.');
    expect(stderr).not.toContain(TOKEN);
    expect(await stored()).toEqual([]);
  });

  it('reports that a source is rate-limited', async () => {
    const busy = await serve((_, response) =>
      sendJson(response, 429, {}, { ...date(NOW), 'retry-after': '3600' }),
    );
    const outcome = await performObserve({ stage: '5%' }, valid(PROMETHEUS), {
      directory,
      environment: { PROMETHEUS_URL: busy },
      front: 'action',
      isPrivate: true,
      now: () => NOW,
      onSecrets: () => undefined,
      onNote: () => undefined,
    });
    expect(outcome).toMatchObject({ kind: 'failed', reasonCode: 'rate_limited' });
  });

  it('rejects a source whose clock differs by more than a tenth of the interval', async () => {
    let asked = 0;
    const server = await serve((request, response) => {
      if (request.method !== 'HEAD') asked += 1;
      sendJson(response, 500, {}, date(NOW + 95_000));
    });
    await write('rollout.yml', PROMETHEUS);
    const skewed = await observe({ stage: '5%' }, { PROMETHEUS_URL: server });
    expect(skewed.code).toBe(1);
    expect(skewed.stderr).toContain(
      "error: The clock of prometheus is 95 s ahead of this machine's clock. Expected at most a tenth of measure.interval (90 s). Correct the clock that is wrong.",
    );
    expect(asked).toBe(0);
    await write('rollout.yml', `${PROMETHEUS.replace('prometheus }', 'prometheus, interval: 20m }')}`);
    await observe({ stage: '5%' }, { PROMETHEUS_URL: server });
    expect(asked).toBeGreaterThan(0);
  });
});

const date = (now: number) => ({ date: new Date(now).toUTCString() });

describe('an invalid call ends with exit code 2', () => {
  it('reports all problems together', async () => {
    await write('rollout.yml', `${BASE}measure: { official: openai, gateway: litellm }\n`);
    await write('out.jsonl', 'Dear diary\n');
    const { code, stdout, stderr } = await observe(
      { since: '90', stage: '10%', out: 'out.jsonl' },
      { LITELLM_URL: 'litellm:4000', LITELLM_KEY: 'sk-1234567890abcdef' },
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "error: The environment variable OPENAI_ADMIN_KEY is not set, but the source openai needs it: admin key of the organization (sk-admin-…).
      error: LITELLM_URL is not an http(s) URL; expected one such as https://prometheus.example.
      error: out.jsonl: the last line is not a measurement. Expected a file written by gateway-rollout observe. Choose another with --out, or fix the line.
      error: The value of --since is "90". Expected a duration such as 30s, 15m, 24h, 7d, above 0s and at most 366d.
      error: The value of --stage is "10%", but the config has no such stage. Expected --stage to be one of local, 5%, 25%, 100%.
      "
    `);
  });

  it.each([
    ['no config', null, 'error: missing.yml'],
    ['no section measure', BASE, 'error: The config names no source of metrics'],
  ])('%s', async (_, config, message) => {
    if (config !== null) await write('rollout.yml', config);
    const settings = config === null ? { config: 'missing.yml' } : {};
    const { code, stderr } = await observe({ stage: '5%', ...settings }, {});
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('a repository without a config gets a message with what it needs', async () => {
    const { code, stderr } = await observe({ config: undefined }, {});
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('No config found'),
    });
  });
});
