/** The Python file with the official SDK, sync and async, before two servers: the same questions as test/client asks. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRecord } from '../../../src/measure/parse-record.ts';
import type { RequestRecord } from '../../../src/measure/record.ts';
import { type ArmServer, type Behaviour, type Received, startArmServer } from '../../client/arm-server.ts';
import { sharedDirectory } from '../../support/files.ts';
import { realTool } from '../../support/real-tools.ts';

const OFFICIAL_KEY = 'sk-official-0123456789';
const GATEWAY_KEY = 'sk-gateway-0123456789';
/** The newest SDK, which brings httpx2, and one with httpx. */
const INSTALLED = ['otel-genai-openai', 'otel-openai-v2'].flatMap((tool) => {
  const folder = realTool(tool);
  return folder === null ? [] : [[tool, folder] as const];
});

const contentOf = ({ body }: Received) => String(Object(body.messages)[0]?.content);

/** Fails the first two attempts where the message asks for it. */
const refusesTwice = (received: Received): Behaviour =>
  contentOf(received) === 'third time' && received.headers['x-stainless-retry-count'] !== '2'
    ? 'refuse'
    : 'serve';

describe.each(INSTALLED)('with the SDK of %s', (_, tool) => {
  const directory = sharedDirectory();
  let official: ArmServer;
  let gateway: ArmServer;
  let said: Readonly<Record<string, unknown>>;
  let records: readonly RequestRecord[];

  beforeAll(async () => {
    [official, gateway] = await Promise.all([startArmServer(), startArmServer()]);
    official.behave(refusesTwice);
    gateway.behave((received) => {
      const [, behaviour] = /^gateway (\w+)$/.exec(contentOf(received)) ?? [];
      return (behaviour as Behaviour | undefined) ?? refusesTwice(received);
    });
    writeFileSync(path.join(directory, 'share.json'), '{ "gateway": 25 }');
    writeFileSync(path.join(directory, 'broken.json'), '{ "gateway": ');
    const env = {
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: '1',
      OPENAI_BASE_URL: official.baseUrl,
      OPENAI_API_KEY: OFFICIAL_KEY,
      GATEWAY_BASE_URL: gateway.baseUrl,
      GATEWAY_API_KEY: GATEWAY_KEY,
      ROLLOUT_SHARE: 'share.json',
      ROLLOUT_RECORDS: 'records-{pid}.jsonl',
    };
    const program = path.resolve(import.meta.dirname, '../../client/scenarios.py');
    const { stdout } = await promisify(execFile)(path.join(tool, 'bin/python'), [program], {
      cwd: directory,
      env,
    });
    said = JSON.parse(stdout);
    records = recordsIn(directory);
    return () => Promise.all([official.stop(), gateway.stop()]);
  });

  const of = (task: string) => records.filter((record) => record.task === task);

  it('the service keeps each user on an arm, and gives the gateway its own key alone', () => {
    expect(said.users).toEqual(Array(2).fill(Array(60).fill('Hello there.')));
    const users = ({ received }: ArmServer) =>
      received.map(contentOf).filter((content) => /^I am/.test(content));
    const moved = new Set(users(gateway));
    expect(moved.size).toBeGreaterThan(3);
    expect(users(gateway)).toHaveLength(2 * moved.size);
    expect(users(official).filter((each) => moved.has(each))).toEqual([]);
    const found = records.filter(({ unit }) => unit !== undefined);
    expect(found).toHaveLength(120);
    expect(new Set(found.map(({ unit }) => unit)).size).toBe(60);
    expect(found[0]).toMatchObject({
      input_tokens: 12,
      cached_input_tokens: 4,
      output_tokens: 5,
      finish_reason: 'stop',
    });
    for (const { headers } of gateway.received) expect(headers.authorization).toBe(`Bearer ${GATEWAY_KEY}`);
    for (const { headers } of official.received) expect(headers.authorization).toBe(`Bearer ${OFFICIAL_KEY}`);
    expect(JSON.stringify(gateway.received)).not.toMatch(/sk-official|org-1|x-rollout/);
    expect(JSON.stringify([official.received, records])).not.toMatch(/x-rollout|"user-\d/);
  });

  it.each(['refuse', 'reset', 'empty', 'page', 'error', 'hang'])(
    'loses no request when the gateway answers with %s',
    (behaviour) => {
      expect(said.lost).toMatchObject({ [behaviour]: 'Hello there.' });
      expect(of(behaviour)).toMatchObject([
        { arm: 'gateway', attempt: 0, used: false },
        { arm: 'official', attempt: 1, used: true },
      ]);
    },
  );

  it("keeps a task's retries on its arm, and a share of 0 takes them back", () => {
    expect(of('taken back')).toMatchObject([
      { arm: 'gateway' },
      { arm: 'official' },
      { arm: 'official', used: true },
    ]);
    const retried = records
      .filter(({ attempt }) => attempt === 2)
      .filter(({ task }) => task !== 'taken back');
    expect(retried).toHaveLength(32);
    for (const { task = '', arm } of retried) {
      // Each thread writes when its answer has ended, so the lines may change places.
      const attempts = of(task).map((record) => [record.arm, record.attempt]);
      expect(attempts.sort()).toEqual([0, 1, 2].map((attempt) => [arm, attempt]));
    }
    expect(new Set(retried.map(({ arm }) => arm)).size).toBe(2);
  });

  it('passes streams on as they come, and records those that break off or are left', () => {
    expect(said.streams).toEqual(['Hello.', false, 'Hel']);
    expect(of('whole')).toMatchObject([
      { output_tokens: 5, ttft_ms: expect.any(Number), empty: false, used: true },
    ]);
    expect(of('cut')).toMatchObject([{ status: 200, error: 'unreachable', used: false }]);
    expect(of('left')).toMatchObject([{ status: 200, error: 'timeout', used: false }]);
    expect(gateway.received.find(({ body }) => body.max_tokens === 1)?.left).toBe(true);
  });

  it('stays official with a share that is missing or wrong, and copies what has no other effect', () => {
    expect(of('official').map(({ arm }) => arm)).toEqual(Array(7).fill('official'));
    expect(
      of('copied')
        .map(({ arm, shadow }) => [arm, shadow])
        .sort(),
    ).toEqual([
      ['gateway', true],
      ['official', undefined],
    ]);
    expect(gateway.received.filter((each) => contentOf(each) === 'copy')).toHaveLength(1);
    expect(said.broken).toBe('Hello there.');
  });
});

function recordsIn(directory: string): readonly RequestRecord[] {
  const files = readdirSync(directory).filter((name) => /^records-\d+\.jsonl$/.test(name));
  expect(files).toHaveLength(1);
  const lines = readFileSync(path.join(directory, files[0] ?? ''), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const parsed = parseRecord(Buffer.from(line));
    if (!parsed.ok) throw new Error(`${line}: ${parsed.message}`);
    return parsed.record;
  });
}
