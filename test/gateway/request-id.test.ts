import { describe, expect, it } from 'vitest';
import { findRequestId } from '../../src/gateway/request-id.ts';

const inError = (message: string) => ({ error: { message } });

describe('findRequestId', () => {
  it.each([
    'x-request-id',
    'openai-request-id',
    'request-id',
    'x-oneapi-request-id',
    'x-litellm-call-id',
    'x-portkey-trace-id',
    'cf-ray',
  ])('reads the header %s', (source) => {
    expect(findRequestId({ [source]: 'id-1' }, {}, '')).toEqual({ value: 'id-1', source });
  });

  it('prefers the header of the profile, and takes cf-ray only when nothing else names the request', () => {
    const headers = { 'x-request-id': 'own', 'x-litellm-call-id': 'call', 'cf-ray': 'ray' };
    const source = (json: unknown, given: Record<string, string>, profile?: { requestIdHeaders: string[] }) =>
      findRequestId(given, json, '', profile)?.source;
    expect(source({}, headers)).toBe('x-request-id');
    expect(source({}, headers, { requestIdHeaders: ['x-litellm-call-id'] })).toBe('x-litellm-call-id');
    expect(source({ request_id: 'r' }, { 'cf-ray': 'ray' })).toBe('body');
    expect(source(inError('(request id: 20260101abc)'), { 'cf-ray': 'ray' })).toBe('message');
    expect(source({}, { 'cf-ray': 'ray' })).toBe('cf-ray');
  });

  it('treats a blank header or field as missing', () => {
    expect(
      findRequestId({ 'x-portkey-trace-id': '', 'x-request-id': '  ' }, { request_id: ' ' }, ''),
    ).toBeNull();
  });

  it.each([
    [{ request_id: 'r-1' }, 'body'],
    [{ requestId: 'r-1' }, 'body'],
    [{ error: { request_id: 'r-1' } }, 'body'],
  ])('reads a field of %j', (json, source) => {
    expect(findRequestId({}, json, '')).toEqual({ value: 'r-1', source });
  });

  it.each([
    ['Invalid token (request id: 20260101120000123AbC)', '20260101120000123AbC'],
    ['failed, request_id: req_0123abcd.', 'req_0123abcd'],
    ['failed, Request ID "8f14e45f-ceea-467a"', '8f14e45f-ceea-467a'],
    ['无效的令牌（请求 ID：2026010112000）', '2026010112000'],
    ['出错了，请求编号为 2026010112000', '2026010112000'],
  ])('reads it out of “%s”', (message, value) => {
    const expected = { value, source: 'message' };
    expect(findRequestId({}, inError(message), '')).toEqual(expected);
    expect(findRequestId({}, { message }, '')).toEqual(expected);
    expect(findRequestId({}, { error: message }, '')).toEqual(expected);
    expect(findRequestId({}, undefined, message)).toEqual(expected);
  });

  it.each(['the request id was not found', 'request id: none', 'no id at all', 'request id: 12'])(
    'finds none in “%s”',
    (message) => {
      expect(findRequestId({}, inError(message), '')).toBeNull();
    },
  );
});
