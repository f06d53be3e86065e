import { describe, expect, it } from 'vitest';
import { RESPONSES, responseRequest } from '../../src/check/forms.ts';
import {
  badRequest,
  embedding,
  emptyChat,
  enumeration,
  LIMIT_TOKENS,
  limitedChat,
  listModels,
  missingRoute,
  type ProbeRequest,
  parallelToolCalls,
  plainChat,
  plainStream,
  streamed,
  structuredOutput,
  toolCall,
} from '../../src/check/requests.ts';

type ChatRequest = (model: string) => ProbeRequest;

const CHATS: Readonly<Record<string, ChatRequest>> = {
  plainChat,
  badRequest,
  enumeration,
  plainStream,
  toolCall,
  streamedToolCall: (model) => streamed(toolCall(model)),
  parallelToolCalls,
  structuredOutput,
};

/** More output than this in one request would make the check expensive. */
const MOST_TOKENS = 250;
/** What reasoning models may think on top. */
const MOST_THINKING = 1024;

describe('the limit on output', () => {
  it.each(Object.entries(CHATS))('of %s is max_tokens for ordinary models', (_, request) => {
    for (const model of ['gpt-4o-mini', 'openai/gpt-4o', 'claude-sonnet-4', 'proto3', 'gpt-4o1']) {
      const { body } = request(model);
      expect(body).toHaveProperty('max_tokens');
      expect(body?.max_tokens).toBeGreaterThan(0);
      expect(body?.max_tokens).toBeLessThanOrEqual(MOST_TOKENS);
      expect(body).not.toHaveProperty('max_completion_tokens');
    }
  });

  it.each(Object.entries(CHATS))(
    'of %s is max_completion_tokens with room to think for reasoning models',
    (_, request) => {
      const ordinary = Number(request('gpt-4o-mini').body?.max_tokens);
      for (const model of ['o1', 'o3-mini', 'openai/o4-mini', 'gpt-5', 'gpt-5-nano', 'codex-mini-latest']) {
        const { body } = request(model);
        expect(body).not.toHaveProperty('max_tokens');
        expect(body?.max_completion_tokens).toBe(ordinary + MOST_THINKING);
      }
    },
  );

  it('is max_completion_tokens in the request that tests exactly that', () => {
    for (const model of ['gpt-4o-mini', 'o3']) {
      expect(limitedChat(model).body?.max_completion_tokens).toBe(LIMIT_TOKENS);
      expect(limitedChat(model).body).not.toHaveProperty('max_tokens');
    }
  });

  it('is max_output_tokens on the Responses API, and at least the 16 that it demands', () => {
    expect(responseRequest('gpt-4o-mini').body?.max_output_tokens).toBe(16);
    expect(RESPONSES.request(streamed(plainChat('o3'))).body?.max_output_tokens).toBe(16 + MOST_THINKING);
  });
});

it('every request goes to the given model', () => {
  const all = [...Object.values(CHATS), limitedChat].map((request) => request('some-model'));
  const others = [
    embedding('some-model', 'float'),
    embedding('some-model', 'base64'),
    RESPONSES.request(streamed(plainChat('some-model'))),
  ];
  for (const { method, body } of [...all, ...others]) {
    expect(method).toBe('POST');
    expect(body?.model).toBe('some-model');
  }
});

it('requests to the same effect are equal, so that they are sent once', () => {
  expect(plainChat('m')).toEqual(plainChat('m'));
  const different = [plainChat, badRequest, limitedChat, enumeration, plainStream, toolCall].map((request) =>
    JSON.stringify(request('m')),
  );
  expect(new Set(different).size).toBe(different.length);
});

it('a request that only tests for a route names no model, so it costs nothing', () => {
  for (const { body } of [listModels(), missingRoute('GET'), missingRoute('POST'), emptyChat()]) {
    expect(body ?? {}).toEqual({});
  }
});

it('the next page of a model list follows the last name, whatever characters it has', () => {
  expect(listModels().path).toBe('/models');
  expect(listModels('openai/gpt-4o&x').path).toBe('/models?after=openai%2Fgpt-4o%26x');
});
