/** What blocks is what breaks a program: each blocking answer is given to a small program with the official client. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  parallelToolCalls,
  plainChat,
  streamed,
  structuredOutput,
  toolCall,
} from '../../src/check/requests.ts';
import { type Quirk, type QuirkyGateway, startQuirkyGateway } from '../support/quirky-gateway.ts';
import { realTool } from '../support/real-tools.ts';

const MODEL = 'gpt-4o-mini';
const WEATHER: Readonly<Record<string, (given: { city: string }) => string>> = {
  get_weather: ({ city }) => city.toUpperCase(),
};

/** What an ordinary program does with an answer; it throws, or returns nothing, where the answer cannot be used. */
const PROGRAMS = {
  async text(client: OpenAI) {
    const answer = await client.chat.completions.create(plainChat(MODEL).body as never);
    return (answer as OpenAI.ChatCompletion).choices[0]?.message.content?.trim();
  },
  async stream(client: OpenAI) {
    const stream = await client.chat.completions.create(streamed(plainChat(MODEL)).body as never);
    let text = '';
    for await (const chunk of stream as unknown as AsyncIterable<OpenAI.ChatCompletionChunk>)
      text += chunk.choices[0]?.delta.content ?? '';
    return text;
  },
  async schema(client: OpenAI) {
    const answer = await client.chat.completions.create(structuredOutput(MODEL).body as never);
    return JSON.parse(String((answer as OpenAI.ChatCompletion).choices[0]?.message.content)).colour;
  },
  async tools(client: OpenAI) {
    const answer = await client.chat.completions.create(toolCall(MODEL).body as never);
    return used((answer as OpenAI.ChatCompletion).choices[0]?.message.tool_calls);
  },
  async streamedTools(client: OpenAI) {
    const request = streamed(parallelToolCalls(MODEL)).body;
    const message = (await client.chat.completions.stream(request as never).finalChatCompletion()).choices[0]
      ?.message;
    return message?.tool_calls?.length === 2 ? used(message.tool_calls) : null;
  },
};

function used(calls: readonly OpenAI.ChatCompletionMessageToolCall[] | undefined) {
  const [call] = calls ?? [];
  if (call === undefined || !('function' in call)) return null;
  return WEATHER[call.function.name]?.(JSON.parse(call.function.arguments));
}

const BREAKS: readonly (readonly [Quirk, keyof typeof PROGRAMS])[] = [
  ['content-empty', 'text'],
  ['content-null', 'text'],
  ['message-null', 'text'],
  ['content-parts', 'text'],
  ['reasoning-only', 'text'],
  ['choices-empty', 'text'],
  ['empty-object', 'text'],
  ['empty-body', 'text'],
  ['stream-empty', 'stream'],
  ['stream-ignored', 'stream'],
  ['schema-ignored', 'schema'],
  ['tool-name-prefixed', 'tools'],
  ['tool-name-null', 'tools'],
  ['tool-arguments-empty', 'tools'],
  ['tool-arguments-renamed', 'tools'],
  ['tools-dropped', 'tools'],
  ['parallel-index-zero', 'streamedTools'],
];

/** What is only a warning, or a note, breaks no program. */
const WORKS: readonly (readonly [Quirk, keyof typeof PROGRAMS])[] = [
  ['stream-no-done', 'stream'],
  ['passing-503', 'text'],
  ['preview-snapshot', 'text'],
];

async function run(gateway: QuirkyGateway, program: keyof typeof PROGRAMS): Promise<unknown> {
  const { baseUrl: baseURL, apiKey } = gateway;
  const client = new OpenAI({ baseURL, apiKey, organization: null, project: null, maxRetries: 2 });
  return PROGRAMS[program](client).catch(() => null);
}

const within = async <T>(
  quirks: readonly Quirk[],
  use: (gateway: QuirkyGateway) => Promise<T>,
): Promise<T> => {
  const gateway = await startQuirkyGateway({ quirks, streamMs: 0 });
  return use(gateway).finally(() => gateway.stop());
};

describe("the official client's programs, in Node", () => {
  it.each(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])(
    '%s works on a healthy gateway',
    async (program) => {
      expect(await within([], (gateway) => run(gateway, program))).toBeTruthy();
    },
  );
  it.each(BREAKS)('%s breaks %s', async (quirk, program) => {
    expect(await within([quirk], (gateway) => run(gateway, program))).toBeFalsy();
  });
  it.each(WORKS)('%s does not break %s', async (quirk, program) => {
    expect(await within([quirk], (gateway) => run(gateway, program))).toBeTruthy();
  });
});

const environment = realTool('otel-genai-openai');
const PYTHON = path.join(environment ?? '', 'bin/python');
/** One process for all programs: to load the client takes a second. */
const SCRIPT = `
import json, sys
from openai import OpenAI

def run(program, url, key, body):
    client = OpenAI(base_url=url, api_key=key, max_retries=2)
    answer = client.chat.completions.create(**body)
    if program == "stream":
        return "".join((c.choices[0].delta.content or "") for c in answer if c.choices)
    if program == "tools":
        call = answer.choices[0].message.tool_calls[0].function
        return {"get_weather": lambda city: city.upper()}[call.name](**json.loads(call.arguments))
    if program == "schema":
        return json.loads(answer.choices[0].message.content)["colour"]
    return answer.choices[0].message.content.strip()

def works(case):
    try:
        return bool(run(*case))
    except Exception:
        return False

print(json.dumps([works(case) for case in json.loads(sys.argv[1])]))
`;
const BODIES = {
  text: plainChat(MODEL).body,
  stream: streamed(plainChat(MODEL)).body,
  schema: structuredOutput(MODEL).body,
  tools: toolCall(MODEL).body,
};
type PythonProgram = keyof typeof BODIES;
const isPython = (program: string): program is PythonProgram => program in BODIES;

describe.skipIf(environment === null)("the official client's programs, in Python", () => {
  it('break where a check blocks, and nowhere else', async () => {
    const healthy = Object.keys(BODIES).map((program) => [null, program] as const);
    const cases = [...healthy, ...WORKS, ...BREAKS].flatMap(([quirk, program]) =>
      isPython(program) ? [{ quirk, program }] : [],
    );
    const gateways = await Promise.all(
      cases.map(({ quirk }) => startQuirkyGateway({ quirks: quirk === null ? [] : [quirk], streamMs: 0 })),
    );
    const calls = gateways.map(({ baseUrl, apiKey }, index) => {
      const program = cases[index]?.program ?? 'text';
      return [program, baseUrl, apiKey, BODIES[program]];
    });
    const { stdout } = await promisify(execFile)(PYTHON, ['-c', SCRIPT, JSON.stringify(calls)]);
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    const broken = (quirk: Quirk | null, program: string) =>
      BREAKS.some(([name, breaks]) => name === quirk && breaks === program);
    const works: boolean[] = JSON.parse(stdout);
    const outcome = (isWorking: boolean[]) =>
      cases.map(
        ({ quirk, program }, index) => `${quirk} ${program}: ${isWorking[index] ? 'works' : 'breaks'}`,
      );
    expect(outcome(works)).toEqual(outcome(cases.map(({ quirk, program }) => !broken(quirk, program))));
  });
});
