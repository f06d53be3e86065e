import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorInside, streamedResponse, type Transcript } from '../../src/gateway/transcript.ts';
import { readText, sse } from './streams.ts';

const responsesStream = (transcript: Transcript) => ({
  response: streamedResponse(transcript),
  error: errorInside(transcript),
});

describe('a stream of responses', () => {
  const event = (type: string, rest: object = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

  it('reads the terminal event', async () => {
    const stream = responsesStream(
      await readText(
        event('response.created') +
          event('response.output_text.delta', { delta: 'po' }) +
          event('response.output_text.delta', { delta: 'ng' }) +
          event('response.completed', {
            response: { error: null, usage: { input_tokens: 4, output_tokens: 1 } },
          }),
      ),
    );
    expect(stream).toEqual({
      response: { error: null, usage: { input_tokens: 4, output_tokens: 1 } },
      error: null,
    });
  });

  it('knows events by their type where the event line is missing', async () => {
    const response = { id: 'resp_1' };
    const stream = responsesStream(await readText(sse({ type: 'response.incomplete', response })));
    expect(stream.response).toEqual(response);
  });

  it('has no response where the stream ended without a terminal event', async () => {
    expect(responsesStream(await readText(event('response.created', { response: {} }))).response).toBe(
      undefined,
    );
  });

  it('survives anything that JSON can say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), async (values) => {
        const named = values.map((value) => event('response.completed', { response: value }));
        const transcript = await readText(sse(...values) + named.join(''));
        expect(() => responsesStream(transcript)).not.toThrow();
      }),
    );
  });

  it('finds the error of a failed response, and of an error event', async () => {
    const failed = event('response.failed', {
      response: { error: { code: 'rate_limit_exceeded', message: 'slow down' } },
    });
    const error = event('error', { code: 'server_error', message: 'broken', param: null });
    expect(responsesStream(await readText(failed)).error?.class).toBe('rate_limited');
    expect(responsesStream(await readText(error)).error).toMatchObject({
      class: 'upstream_error',
      message: 'broken',
    });
  });
});
