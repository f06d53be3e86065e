/** One error has one class, whether the check meets it or a metric names it. */
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/gateway/errors.ts';
import { litellm } from '../../../src/gateway/profiles/litellm.ts';
import { errorClassOf } from '../../../src/measure/sources/error-words.ts';

const QUOTA = 'You exceeded your current quota, please check your plan and billing details.';

describe('the class of an error', () => {
  it.each([
    ['BudgetExceededError', 422, { type: 'budget_exceeded', code: '422' }, 'key_quota'],
    ['RateLimitError', 429, { type: 'rate_limit_error', code: 'rate_limit_exceeded' }, 'rate_limited'],
    ['ContextWindowExceededError', 400, { code: 'context_length_exceeded' }, 'context_length'],
    ['AuthenticationError', 401, { type: 'auth_error', code: '401' }, 'invalid_key'],
    ['NotFoundError', 404, { code: 'model_not_found' }, 'model_not_found'],
    ['Timeout', 408, { type: 'timeout' }, 'timeout'],
    ['openai.InternalServerError', 500, { type: 'server_error' }, 'upstream_error'],
    ['insufficient_quota', 429, { type: 'insufficient_quota' }, 'insufficient_balance'],
  ])('is the same by its name in a metric and by its answer: %s', (name, status, error, expected) => {
    const json = { error: { message: 'no', ...error } };
    const answered = classify({ status, headers: {}, text: '', json }, litellm).class;
    expect([errorClassOf([String(status), name]), answered]).toEqual([expected, expected]);
  });

  it('comes from its sentence where the name is too general', () => {
    expect(errorClassOf(['RateLimitError', '429'], QUOTA)).toBe('insufficient_balance');
    expect(errorClassOf(['RateLimitError', '429'])).toBe('rate_limited');
  });
});
