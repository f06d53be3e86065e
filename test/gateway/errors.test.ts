import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, classifyNoResponse, type ResponseParts, refusalOf } from '../../src/gateway/errors.ts';
import { parseJson } from '../../src/gateway/json.ts';
import { ERROR_CLASSES, type ErrorClass } from '../../src/gateway/refusal.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): ResponseParts {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, text, json: parseJson(text) };
}

const error = (
  message: string,
  rest: { type?: string | null; code?: unknown; param?: string | null } = {},
) => ({
  error: { message, type: 'invalid_request_error', param: null, code: null, ...rest },
});

const page = (title: string, body = '') =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body>${body}</body></html>`;

describe('the message decides, not the status', () => {
  it.each<[ErrorClass, number, unknown]>([
    ['insufficient_balance', 429, error('You exceeded your current quota', { code: 'insufficient_quota' })],
    ['insufficient_balance', 403, { code: 'INSUFFICIENT_BALANCE', message: 'Insufficient account balance' }],
    ['insufficient_balance', 402, 'Payment Required'],
    ['insufficient_balance', 500, error('账户余额不足，请充值')],
    ['key_quota', 401, error('令牌 ci（#3）额度已用尽')],
    ['key_quota', 401, error('API key credit limit reached. You can change it online.')],
    ['disabled_key', 403, error('This API key has been revoked')],
    ['disabled_key', 401, error('该令牌状态不可用')],
    ['invalid_key', 400, error('API key not valid. Please pass a valid API key.')],
    ['invalid_key', 401, 'Unauthorized'],
    ['invalid_key', 401, { detail: 'Invalid token' }],
    [
      'model_not_found',
      503,
      error('No available channel for model gpt-5.4 under group default', { code: 'model_not_found' }),
    ],
    ['model_not_found', 404, error('The model `gpt-5.4` does not exist')],
    ['model_not_found', 400, error('Invalid model name passed in model=gpt-5.4')],
    ['model_not_found', 403, error('This token has no access to model gpt-5.4')],
    ['model_not_found', 404, error('not here', { code: 'whatever' })],
    ['context_length', 400, error('too long', { code: 'context_length_exceeded' })],
    ['context_length', 500, error("This model's maximum context length is 8192 tokens.")],
    ['context_length', 400, error('输入超出模型上下文长度')],
    ['content_filter', 400, error('filtered', { code: 'content_filter' })],
    ['content_filter', 403, error('Your input was flagged by moderation')],
    ['content_filter', 400, error('请求包含敏感词')],
    ['timeout', 524, page('gateway.test | 524: A timeout occurred')],
    ['timeout', 504, page('504 Gateway Time-out')],
    ['timeout', 408, error('late')],
    ['timeout', 500, error('upstream request timed out')],
    ['overloaded', 503, page('503 Service Temporarily Unavailable')],
    ['overloaded', 429, error('当前分组上游负载已饱和，请稍后再试')],
    ['overloaded', 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    ['rate_limited', 429, error('anything')],
    ['rate_limited', 429, page('429 Too Many Requests')],
    ['rate_limited', 403, error('请求过于频繁')],
    ['upstream_error', 502, page('502 Bad Gateway')],
    ['upstream_error', 500, error('internal')],
    ['upstream_error', 500, { 'html-message': page('oops'), provider: 'openai' }],
    [
      'bad_request',
      400,
      error("Unsupported parameter: 'max_tokens' is not supported with this model.", {
        code: 'unsupported_parameter',
      }),
    ],
    ['bad_request', 400, error("Invalid token '}' in JSON body")],
    ['bad_request', 404, error('Invalid URL (POST /v1/chat/completion)')],
    ['bad_request', 404, error('No such File object: file-1')],
    ['bad_request', 422, { detail: [{ loc: ['body', 'temperature'], msg: 'Input should be a number' }] }],
    ['not_openai_shape', 404, page('File not found')],
    ['not_openai_shape', 404, { detail: 'Not Found' }],
    ['not_openai_shape', 401, page('401 Authorization Required')],
    ['not_openai_shape', 200, page('Console: no api key, too many requests')],
    ['not_openai_shape', 200, 'the balance is insufficient, said the model'],
  ])('%s: %i %j', (expected, status, body) => {
    expect(classify(answer(status, body)).class).toBe(expected);
  });

  it('uses the status inside a body that came with 200', () => {
    expect(classify(answer(200, { error: { code: 402, message: 'no' } })).class).toBe('insufficient_balance');
    expect(classify(answer(200, { error: { code: 502, message: 'no' } })).class).toBe('upstream_error');
  });
});

describe('the message is found in every shape', () => {
  it.each<[string, unknown, { message: string; code?: string; param?: string; openaiShape?: boolean }]>([
    [
      'OpenAI',
      error('Bad', { code: 'c', param: 'temperature' }),
      { message: 'Bad', code: 'c', param: 'temperature', openaiShape: true },
    ],
    ['without a code', { error: { message: 'Bad', type: 't' } }, { message: 'Bad', openaiShape: false }],
    ['flat', { code: 'C', message: 'Bad' }, { message: 'Bad', code: 'C' }],
    ['detail', { detail: 'Bad' }, { message: 'Bad' }],
    ['findings', { detail: [{ loc: ['body', 'n'], msg: 'Bad' }] }, { message: 'n: Bad', param: 'n' }],
    [
      'detail with an error object',
      { detail: { error: { message: 'Bad', code: 'c' } } },
      { message: 'Bad', code: 'c' },
    ],
    ['html-message', { 'html-message': page('Bad') }, { message: 'an HTML page titled “Bad”' }],
    ['error text', { error: 'Bad luck' }, { message: 'Bad luck' }],
    [
      'error code with a message',
      { error: 'bad_luck', message: 'Bad' },
      { message: 'Bad', code: 'bad_luck' },
    ],
    ['an array', [{ error: { code: 400, message: 'Bad' } }], { message: 'Bad', code: '400' }],
    [
      'errors',
      { success: false, errors: [{ code: 1010, message: 'Bad' }] },
      { message: 'Bad', code: '1010' },
    ],
    ['failure', { status: 'failure', message: 'Bad' }, { message: 'Bad' }],
    [
      'a wrapped error',
      { error: { error: { message: 'Bad', code: 402 }, code: 402 } },
      { message: 'Bad', code: '402' },
    ],
    [
      'the provider’s words',
      { error: { message: 'Bad', metadata: { raw: 'very' } } },
      { message: 'Bad: very' },
    ],
    [
      'an upstream body as message',
      { message: '{"error":{"message":"Bad","code":"c"}}' },
      { message: 'Bad' },
    ],
    ['plain text', 'Bad', { message: 'Bad' }],
    [
      'a page without a title',
      '<html><body><h1>Bad</h1><script>var x</script></body></html>',
      { message: 'an HTML page that says “Bad”' },
    ],
    ['nothing', '', { message: 'an empty body with status 400' }],
  ])('%s', (_, body, expected) => {
    expect(classify(answer(400, body))).toMatchObject({ openaiShape: false, ...expected });
  });

  it('keeps messages to one line of at most 300 characters', () => {
    const { message } = classify(answer(400, error(`two\nlines ${'x'.repeat(400)}`)));
    expect(message).toHaveLength(300);
    expect(message).toMatch(/^two lines x+…$/);
  });
});

describe('challenge pages', () => {
  it.each([
    ['Cloudflare', 403, page('Just a moment...'), {}],
    ['Cloudflare', 503, page('Attention Required! | Cloudflare'), {}],
    ['Cloudflare', 403, page('x', '<script src="/cdn-cgi/challenge-platform/h/b"></script>'), {}],
    ['Cloudflare', 403, '', { 'cf-mitigated': 'challenge' }],
    ['AWS WAF', 202, '', { 'x-amzn-waf-action': 'challenge' }],
    ['DDoS-Guard', 403, page('DDoS-Guard'), {}],
  ])('are named: %s', (by, status, text, headers) => {
    const refusal = classify(answer(status, text, headers));
    expect(refusal.class).toBe('not_openai_shape');
    expect(refusal.message).toContain(`a challenge page (${by})`);
  });

  it('are not suspected in JSON that only mentions one', () => {
    expect(classify(answer(400, error('challenge-platform: Just a moment...'))).class).toBe('bad_request');
  });
});

describe('retryable', () => {
  it('follows the class, unless x-should-retry says otherwise', () => {
    const retryable = (status: number, headers?: Record<string, string>) =>
      classify(answer(status, error('x'), headers)).retryable;
    expect([429, 408, 503, 500].map((status) => retryable(status))).toEqual([true, true, true, true]);
    expect([400, 401, 402, 404].map((status) => retryable(status))).toEqual([false, false, false, false]);
    expect(retryable(500, { 'x-should-retry': 'false' })).toBe(false);
    expect(retryable(400, { 'x-should-retry': 'true' })).toBe(true);
    expect(retryable(400, { 'x-should-retry': 'perhaps' })).toBe(false);
  });

  it('is false for an empty account, even with status 429', () => {
    expect(classify(answer(429, error('x', { code: 'insufficient_quota' }))).retryable).toBe(false);
  });
});

describe('refusalOf', () => {
  it.each([
    ['a completion', { choices: [], error: null }],
    ['a response', { object: 'response', output: [], error: null }],
    ['a balance beside code and message', { code: true, message: 'ok', data: { total_available: 1 } }],
    ['a success in words', { code: 'success', message: 'fine' }],
    ['a list', { data: [] }],
    ['null', null],
  ])('lets %s pass', (_, body) => {
    expect(refusalOf(answer(200, body))).toBeNull();
  });

  it.each<[string, unknown]>([
    ['an error object', error('no')],
    ['an error beside data', { data: [], error: { message: 'no' } }],
    ['an error text', { error: 'no' }],
    ['success: false', { success: false, message: 'no' }],
    ['status: failure', { status: 'failure', message: 'no' }],
    ['a flat code', { code: 'NO', message: 'no' }],
    ['a page', page('no')],
    ['an empty body', ''],
  ])('sees %s under 200', (_, body) => {
    expect(refusalOf(answer(200, body))).not.toBeNull();
  });

  it('classifies every other status, whatever the body', () => {
    expect(refusalOf(answer(404, { choices: [] }))).not.toBeNull();
    expect(refusalOf(answer(302, '', { location: '/login' }))?.message).toContain(
      'a redirect (302) to /login',
    );
  });
});

it('classifies requests without a response', () => {
  const noResponse = { kind: 'no-response', code: 'X', message: 'm', durationMs: 1 } as const;
  const classOf = (layer: 'dns' | 'tcp' | 'tls' | 'http' | 'deadline') => {
    const refusal = classifyNoResponse({ ...noResponse, layer });
    return [refusal.class, refusal.retryable];
  };
  expect(classOf('deadline')).toEqual(['timeout', true]);
  expect(classOf('http')).toEqual(['unreachable', true]);
  expect(classOf('dns')).toEqual(['unreachable', false]);
});

it('stays quick on hostile texts', () => {
  const hostile = ['<title>', '<script>', '<h1>', '<!--', 'model ', 'key ', ' ', '令牌', 'request id '].map(
    (part) => part.repeat(300_000 / part.length),
  );
  const time = cpuMilliseconds(() => {
    for (const text of hostile) {
      for (const body of [text, `<html>${text}`, error(text)]) classify(answer(400, body));
    }
  });
  expect(time).toBeLessThan(3_000);
});

it('classifies whatever it is given', () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify({ error: value })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), anything, (status, text) => {
      const refusal = classify(answer(status, text));
      expect(ERROR_CLASSES).toContain(refusal.class);
      expect(refusal.message.length).toBeLessThanOrEqual(300);
      expect(refusal.message).not.toMatch(/[\r\n]/);
    }),
  );
});
