import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstOfKind, listedModels, modelKind, nearestName } from '../../src/check/models-in-use.ts';
import type { Exchange } from '../../src/gateway/exchange.ts';
import { compareModels } from '../../src/gateway/model-names.ts';

/** Names as platforms give them, without a date at their end. */
const plainName = fc.stringMatching(/^[a-z][a-z0-9.]{0,8}(-[a-z][a-z0-9.]{0,6}){0,3}$/);

describe('the kind of a model decides whether it is called', () => {
  it.each([
    ['gpt-4o-mini', 'chat'],
    ['o3', 'chat'],
    ['anthropic/claude-sonnet-4', 'chat'],
    ['gpt-4o-audio-preview', 'special'],
    ['text-embedding-3-small', 'embedding'],
    ['openai/text-embedding-ada-002', 'embedding'],
    ['BAAI/bge-m3', 'embedding'],
    ['intfloat/e5-large', 'embedding'],
    ['dall-e-3', 'other'],
    ['gpt-image-1', 'other'],
    ['whisper-1', 'other'],
    ['gpt-4o-transcribe', 'other'],
    ['tts-1-hd', 'other'],
    ['gpt-4o-mini-tts', 'other'],
    ['omni-moderation-latest', 'other'],
    ['gpt-4o-realtime-preview', 'other'],
    ['rerank-v3.5', 'other'],
  ] as const)('%s is of the kind %s', (name, kind) => {
    expect(modelKind(name)).toBe(kind);
  });

  it('takes the first model of a kind by its name at the gateway, whatever the code calls it', () => {
    const models = [
      { name: 'search', gatewayName: 'text-embedding-3-small' },
      { name: 'my-embedder', gatewayName: 'gpt-4o-mini' },
      { name: 'smart', gatewayName: 'gpt-4o' },
    ];
    expect(firstOfKind(models, 'chat')).toBe(models[1]);
    expect(firstOfKind(models, 'embedding')).toBe(models[0]);
    expect(firstOfKind(models, 'other')).toBeNull();
  });
});

describe('the nearest name', () => {
  const LISTED = ['gpt-4o', 'gpt-4o-mini', 'openai/o3-mini', 'claude-sonnet-4-20250514', 'bge-m3'];

  it.each([
    ['gpt-4o-mni', 'gpt-4o-mini'],
    ['gpt4o-mini', 'gpt-4o-mini'],
    ['GPT-4o', 'gpt-4o'],
    ['o3-mini', 'openai/o3-mini'],
    ['azure/gpt-4o-2024-08-06', 'gpt-4o'],
    ['claude-sonnet-4', 'claude-sonnet-4-20250514'],
    ['llama-3.3-70b', null],
    ['fast', null],
  ])('to %s is %s', (name, nearest) => {
    expect(nearestName(name, LISTED)).toBe(nearest);
  });

  it('is the first in the alphabet of two that are equally near, whatever their order in the list', () => {
    expect(nearestName('model-c', ['model-b', 'model-a'])).toBe('model-a');
    expect(nearestName('model-c', ['model-a', 'model-b'])).toBe('model-a');
  });

  it('is none where nothing is listed', () => {
    expect(nearestName('gpt-4o', [])).toBeNull();
  });

  it('is always a listed one, and a listed name is nearest to itself', () => {
    fc.assert(
      fc.property(plainName, fc.uniqueArray(plainName, { minLength: 1 }), (name, listed) => {
        expect([...listed, null]).toContain(nearestName(name, listed));
        for (const each of listed) {
          expect(compareModels(each, nearestName(each, listed) ?? '')).not.toBe('other');
        }
      }),
    );
  });
});

describe('the names on a model list', () => {
  const answer = (json: unknown, refused = false): Exchange => ({
    kind: 'response',
    status: refused ? 401 : 200,
    headers: {},
    contentType: 'application/json',
    text: JSON.stringify(json),
    json,
    durationMs: 1,
    requestId: null,
    transcript: null,
    refusal: refused
      ? {
          class: 'invalid_key',
          retryable: false,
          message: 'no',
          code: null,
          type: null,
          param: null,
          openaiShape: true,
        }
      : null,
  });

  it('are the ids of its entries; entries without one are left out', () => {
    const json = { object: 'list', data: [{ id: 'a' }, { name: 'b' }, 'c', null, { id: '' }, { id: 'd' }] };
    expect(listedModels(answer(json))).toEqual(['a', 'd']);
  });

  it('are none for an empty list, which differs from no list', () => {
    expect(listedModels(answer({ data: [] }))).toEqual([]);
    expect(listedModels(answer({ data: {} }))).toBeNull();
    expect(listedModels(answer({ data: [{ id: 'a' }] }, true))).toBeNull();
    expect(
      listedModels({ kind: 'no-response', layer: 'tcp', code: 'ECONNREFUSED', message: '', durationMs: 0 }),
    ).toBeNull();
  });
});
