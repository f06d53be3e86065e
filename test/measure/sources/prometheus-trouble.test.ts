/** What a Prometheus in good health never says. */
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { SourceAuth } from '../../../src/measure/fetch-source.ts';
import { sendJson, serve } from '../../gateway/loopback.ts';
import { page, refuse, type Trouble } from '../../support/usage-servers.ts';
import { otelSource } from './otel-source.ts';

const TO = Date.parse('2026-11-20T12:00:00Z');

function measure(baseUrl: string, auth: SourceAuth = { kind: 'none' }) {
  const patience = { firstPauseMs: 1, attempts: 2 };
  const query = { window: { from: TO - 900_000, to: TO }, now: TO, slice: null, without: [] };
  return otelSource({ baseUrl, auth, patience }).measure(query);
}

const vector = (result: readonly unknown[] = []) => ({
  status: 'success',
  data: { resultType: 'vector', result },
});

describe('a Prometheus in trouble', () => {
  it.each<[string, Trouble, string]>([
    [
      'a time-out of a query',
      refuse(503, { status: 'error', errorType: 'timeout', error: 'query timed out' }),
      'server_error',
    ],
    ['an answer of 500', page(500), 'server_error'],
    ['a page of HTML', page(200), 'unreadable_answer'],
    ['JSON of something else', refuse(200, { data: [] }), 'unreadable_answer'],
    [
      'a warning that a store is missing',
      refuse(200, { ...vector(), warnings: ['no store matched'] }),
      'unreadable_answer',
    ],
    [
      'a partial answer of VictoriaMetrics',
      refuse(200, { ...vector(), isPartial: true }),
      'unreadable_answer',
    ],
    [
      'another type of result',
      refuse(200, { status: 'success', data: { resultType: 'matrix', result: [] } }),
      'unreadable_answer',
    ],
  ])('is an error, never empty: %s', async (_, trouble, reasonCode) => {
    const origin = await serve((_request, response) => trouble(response));
    expect(await measure(origin)).toMatchObject({ kind: 'error', reasonCode });
  });

  it('has no data where it knows no such series, and says which it looked for', async () => {
    const origin = await serve((_, response) => sendJson(response, 200, vector()));
    expect(await measure(origin)).toEqual({
      kind: 'no-data',
      reason:
        'Prometheus has no sample of gen_ai_client_operation_duration_seconds_count or gen_ai_client_operation_duration_count in this window. Check that they are scraped, and check measure.preset (otel-genai), measure.labels and measure.series.',
    });
  });

  it('loses no measurement where its series may not be listed', async () => {
    const labels = { server_address: 'gateway.example', gen_ai_request_model: 'gpt-4o-mini' };
    const name = 'gen_ai_client_operation_duration_seconds_count';
    const requests = vector([{ metric: { __name__: name, ...labels }, value: [TO / 1_000, '7'] }]);
    const asked: string[] = [];
    const origin = await serve(async (request, response) => {
      const form = new URLSearchParams(await text(request));
      asked.push(request.url ?? '');
      if (request.url?.endsWith('/series')) return sendJson(response, 403, { status: 'error' });
      // Born in the window: nothing at its beginning.
      const isStart = form.get('time') !== String(TO / 1_000);
      const isAsked = form.get('query')?.includes(name) && !form.get('query')?.includes('resets');
      sendJson(response, 200, isAsked && !isStart ? requests : vector());
    });
    expect(await measure(origin)).toMatchObject({
      kind: 'measured',
      arms: { gateway: { tasks: 7, failedTasks: 0 } },
      notes: [],
    });
    expect(asked.at(-1)).toBe('/api/v1/series');
  });

  it('asks by POST, as a form, with the credentials', async () => {
    const CALLS = 'gen_ai_operation_name!~"(invoke|create)_.*|execute_tool|retrieval|plan"';
    const seen: string[] = [];
    const origin = await serve(async (request, response) => {
      const body = await text(request);
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}\n${body}`);
      sendJson(response, 200, vector());
    });
    await measure(`${origin}/prometheus`, { kind: 'bearer', token: 'abc' });
    const [line, body] = seen[0]?.split('\n') ?? [];
    expect(line).toBe('POST /prometheus/api/v1/query Bearer abc');
    expect([...new URLSearchParams(body)]).toEqual([
      [
        'query',
        ['gen_ai_client_operation_duration_seconds_count', 'gen_ai_client_operation_duration_count']
          .map((name) => `count_over_time({__name__="${name}",${CALLS}}[900000ms])`)
          .join(' or '),
      ],
      ['time', String(TO / 1_000)],
    ]);
  });
});
