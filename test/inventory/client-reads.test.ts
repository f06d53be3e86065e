import { describe, expect, test } from 'vitest';
import { clientReads } from '../../src/inventory/client-reads.ts';
import type { Sdk } from '../../src/inventory/sdks.ts';

const reads = (sdk: Sdk, code: string) => clientReads(sdk, (pattern) => pattern.test(code));

describe('what a client reads from the environment by itself', () => {
  test.each([
    ['openai-node', 'new OpenAI()', 'OPENAI_BASE_URL'],
    ['openai-node', 'new OpenAIApi(new Configuration({ apiKey }))', undefined],
    ['openai-python', 'client = OpenAI()', 'OPENAI_BASE_URL'],
    ['openai-python', 'openai.ChatCompletion.create(model=name)', 'OPENAI_API_BASE'],
    ['openai-java', 'OpenAIOkHttpClient.fromEnv()', 'OPENAI_BASE_URL'],
    ['openai-java', 'OpenAIOkHttpClient.builder().apiKey(key).build()', undefined],
    ['go-openai', 'openai.NewClient(token)', undefined],
    ['openai-go', 'openai.NewClient()', 'OPENAI_BASE_URL'],
    ['llama-index', 'OpenAI(model=name)', 'OPENAI_API_BASE'],
  ] satisfies [Sdk, string, string | undefined][])(
    '%s, written as %s, takes its URL from %s',
    (sdk, code, variable) => {
      expect(reads(sdk, code).url[0]).toBe(variable);
    },
  );

  test('a client that reads no variable calls the official API', () => {
    expect(reads('openai-node', 'new openai.Configuration(options)')).toEqual({
      since: '3.0.0',
      url: [],
      key: [],
      defaultUrl: 'https://api.openai.com/v1',
    });
  });
});
