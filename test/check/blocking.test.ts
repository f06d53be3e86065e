/** What blocks is what breaks a program: each blocking answer is given to a small program with the official client. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { PROBES } from '../../src/check/probes/index.ts';
import { plainChat, streamed, structuredOutput, toolCall, UNKNOWN_MODEL } from '../../src/check/requests.ts';
import {
  type Quirk,
  type QuirkyGateway,
  type QuirkyGatewayOptions,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';
import { realTool } from '../support/real-tools.ts';
import { FLIPS } from './flips.ts';
import { MODEL, PROGRAMS } from './programs.ts';

const QUIRKS = Object.keys(FLIPS) as Quirk[];

/** The probes that a quirk makes fail, and thereby blocks. */
const blocked = (quirk: Quirk): string[] =>
  Object.keys(FLIPS[quirk]).filter((id) => FLIPS[quirk][id] === 'fail');

/** A list of numbers instead of base64 breaks the clients before 7.15 alone, which are still widely used. */
const isOlder = (quirk: Quirk, id: string): boolean =>
  id === 'embeddings.base64' && ['embeddings-base64-ignored', 'parameters-dropped'].includes(quirk);

/** A program that waits longer for an answer hangs; a healthy answer takes a few milliseconds. */
const PATIENCE_MS = 700;
const HANGS: ReadonlySet<Quirk> = new Set(['never-answers', 'stream-stalls']);

/** Which of the programs get from a gateway what they ask for. */
async function working(
  ids: readonly string[],
  options: QuirkyGatewayOptions,
  { Client = OpenAI, key }: { readonly Client?: typeof OpenAI; readonly key?: string } = {},
): Promise<string[]> {
  const gateway = await startQuirkyGateway({ streamMs: 0, slowMs: 0, random: () => 0, ...options });
  const { baseUrl: baseURL, apiKey } = gateway;
  // Only what passes by itself is worth the pauses of a retry.
  const maxRetries = options.quirks?.includes('passing-503') ? 2 : 0;
  const client = new Client({
    baseURL,
    apiKey: key ?? apiKey,
    organization: null,
    project: null,
    maxRetries,
  });
  const hangs = options.quirks?.some((quirk) => HANGS.has(quirk));
  // Ends every program that still waits.
  const deadline = hangs ? setTimeout(() => void gateway.stop(), PATIENCE_MS) : undefined;
  const outcomes = await Promise.all(
    ids.map(async (id) => ((await PROGRAMS[id]?.(client).catch(() => false)) ? [id] : [])),
  );
  clearTimeout(deadline);
  await gateway.stop();
  return outcomes.flat();
}

describe("the official client's programs, in Node", () => {
  it('work on a healthy gateway', async () => {
    expect(await working(Object.keys(PROGRAMS), {})).toEqual(Object.keys(PROGRAMS));
  });

  it.each(QUIRKS.filter((quirk) => blocked(quirk).length > 0))('break by %s', async (quirk) => {
    const breaking = blocked(quirk).filter((id) => !isOlder(quirk, id));
    expect(await working(breaking, { quirks: [quirk] })).toEqual([]);
  });

  it('break by a wrong key, an unknown model, and a prompt without its head', async () => {
    expect(await working(['auth.accepted'], {}, { key: 'sk-wrong' })).toEqual([]);
    expect(await working(['models.available'], { models: [UNKNOWN_MODEL] })).toEqual([]);
    expect(await working(['context.head'], { quirks: ['head-cut'] })).toEqual([]);
  });

  // They follow no refusal that names another parameter, as the check does.
  const refused: readonly Quirk[] = ['max-tokens-refused', 'low-limits-refused', 'thinks-first'];
  it.each(QUIRKS.filter((quirk) => blocked(quirk).length === 0 && !refused.includes(quirk)))(
    'do not break by %s',
    async (quirk) => {
      const core = ['chat.basic', 'stream.shape', 'stream.usage', 'tools.call', 'responses.stream'];
      expect(await working(core, { quirks: [quirk] })).toEqual(core);
    },
  );

  it('confirm an answer of every blocking probe', () => {
    const confirmed = new Set([
      ...QUIRKS.flatMap(blocked),
      ...['auth.accepted', 'models.available', 'context.head'],
    ]);
    // What has no effect is a warning, and what is refused throws the same error as any other parameter.
    const refusedAlone = ['ability.reasoning_effort', 'ability.store', 'responses.continue_stateless'];
    // Another model breaks no program: only many answers together show it.
    const byNumbers = ['fidelity.model'];
    const blocking = PROBES.filter(({ severity }) => severity === 'block')
      .map(({ id }) => id)
      .filter((id) => !byNumbers.includes(id));
    expect(blocking.filter((id) => !confirmed.has(id) && !refusedAlone.includes(id))).toEqual([]);
    expect(blocking.filter((id) => !(id in PROGRAMS))).toEqual([]);
  });
});

const olderClient = realTool('otel-node');
describe.skipIf(olderClient === null)('the older client of Node', () => {
  it('reads a list of numbers as zeros, where it asked for base64', async () => {
    const { OpenAI: Client } = createRequire(path.join(olderClient ?? '', 'index.js'))('openai');
    const embed = (options: QuirkyGatewayOptions) => working(['embeddings.base64'], options, { Client });
    expect(await embed({})).toEqual(['embeddings.base64']);
    for (const quirk of QUIRKS.filter((each) => isOlder(each, 'embeddings.base64')))
      expect(await embed({ quirks: [quirk] }), quirk).toEqual([]);
  });
});

const environment = realTool('otel-genai-openai');
const PYTHON = path.join(environment ?? '', 'bin/python');
/** One process for all programs: to load the client takes a second. */
const SCRIPT = `
import json, sys
from concurrent.futures import ThreadPoolExecutor
from openai import OpenAI

base = OpenAI(base_url="http://127.0.0.1:9", api_key="none")

def run(program, url, key, retries, body):
    client = base.with_options(base_url=url, api_key=key, max_retries=retries)
    if program == "responses.basic":
        answer = client.responses.create(**body)
        return answer.output_text.strip() and answer.usage.total_tokens
    if program == "responses.stream":
        with client.responses.stream(**body) as stream:
            seen = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
            return seen and stream.get_final_response().usage.total_tokens
    if program == "embeddings.float":
        answer = client.embeddings.create(**body)
        return sum(answer.data[0].embedding) and answer.usage.total_tokens and len(answer.data[0].embedding) == 1536
    answer = client.chat.completions.create(**body)
    if program == "stream.shape":
        text, finish = "", None
        for chunk in answer:
            for choice in chunk.choices[:1]:
                text += choice.delta.content or ""
                finish = choice.finish_reason or finish
        return text and finish in ("stop", "length")
    if program == "stream.usage":
        return [chunk.usage.total_tokens for chunk in answer if chunk.usage][-1]
    choice = answer.choices[0]
    if program == "tools.call":
        call = choice.message.tool_calls[0]
        return call.id and {"get_weather": lambda city: city.upper()}[call.function.name](**json.loads(call.function.arguments))
    if program == "structured.schema":
        return json.loads(choice.message.content)["colour"]
    if program == "ability.logprobs":
        return choice.logprobs.content[0].top_logprobs[1].logprob
    return choice.message.content.strip() and len(choice.finish_reason) * answer.usage.total_tokens

def works(case):
    try:
        return bool(run(*case))
    except Exception:
        return False

print(json.dumps(list(ThreadPoolExecutor(8).map(works, json.loads(sys.argv[1])))))
`;
const CHAT = plainChat(MODEL).body;
const IN_PYTHON: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = {
  'chat.basic': CHAT,
  'stream.shape': streamed(plainChat(MODEL)).body,
  'stream.usage': streamed(plainChat(MODEL)).body,
  'tools.call': toolCall(MODEL).body,
  'structured.schema': structuredOutput(MODEL).body,
  'embeddings.float': { model: 'text-embedding-3-small', input: 'a', encoding_format: 'float' },
  'responses.basic': { model: MODEL, input: 'Reply with the single word: pong' },
  'responses.stream': { model: MODEL, input: 'Reply with the single word: pong' },
  'ability.logprobs': { ...CHAT, logprobs: true, top_logprobs: 2 },
};

/** What only Node's client misses: it puts streams together itself, or has a road for them to the browser. */
const NODE_ALONE: ReadonlySet<Quirk> = new Set([
  'stream-id-changes',
  'stream-role-missing',
  'responses-object-missing',
]);
const WORKING: readonly (readonly [Quirk | null, string])[] = [
  ...Object.keys(IN_PYTHON).map((id) => [null, id] as const),
  ['stream-no-done', 'stream.shape'],
  ['stream-foreign-lines', 'stream.shape'],
  ['stream-text-plain', 'stream.shape'],
  ['usage-chunk-doubled', 'stream.usage'],
  ['passing-503', 'chat.basic'],
  ['preview-snapshot', 'chat.basic'],
  ['responses-status-missing', 'responses.basic'],
];

/** These programs are on chat completions alone. */
const isElsewhere = (quirk: Quirk | null, id: string): boolean =>
  quirk?.startsWith('responses-') === true && !id.startsWith('responses.');

describe.skipIf(environment === null)("the official client's programs, in Python", () => {
  it('break where a check blocks, and nowhere else', async () => {
    const breaking = QUIRKS.filter((quirk) => !NODE_ALONE.has(quirk) && !HANGS.has(quirk)).flatMap((quirk) =>
      blocked(quirk).map((id) => [quirk, id] as const),
    );
    const cases = [...WORKING, ...breaking].filter(
      ([quirk, id]) => id in IN_PYTHON && !isElsewhere(quirk, id),
    );
    const started = new Map<Quirk | null, QuirkyGateway>();
    for (const [quirk] of cases) {
      if (started.has(quirk)) continue;
      const quirks = quirk === null ? [] : [quirk];
      started.set(quirk, await startQuirkyGateway({ quirks, streamMs: 0, random: () => 0 }));
    }
    const calls = cases.map(([quirk, id]) => {
      const { baseUrl, apiKey } = started.get(quirk) ?? {};
      return [id, baseUrl, apiKey, quirk === 'passing-503' ? 2 : 0, IN_PYTHON[id]];
    });
    const { stdout } = await promisify(execFile)(PYTHON, ['-c', SCRIPT, JSON.stringify(calls)]);
    await Promise.all([...started.values()].map((gateway) => gateway.stop()));
    const works: boolean[] = JSON.parse(stdout);
    const outcome = (isWorking: boolean[]) =>
      cases.map(([quirk, id], index) => `${quirk} ${id}: ${isWorking[index] ? 'works' : 'breaks'}`);
    expect(outcome(works)).toEqual(outcome(cases.map((_, index) => index < WORKING.length)));
  });
});
