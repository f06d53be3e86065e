/** Whether a 2xx is an answer: one judgement for the check and for the recorder. */
import { failedMidway, finishReasonOf } from './incomplete.ts';
import { field, isRecord, listField, textField } from './json.ts';
import { NO_ERROR_FIELDS, type Refusal } from './refusal.ts';

/** What the request says about the shape of its answer. */
export interface Asked {
  readonly method: string;
  /** Without the query, e.g. `/chat/completions`. */
  readonly path: string;
  /** Whether the body has `stream: true`. */
  readonly streams: boolean;
  /** What the answer says is wanted; otherwise no content is kept. */
  readonly keepsContent?: boolean;
}

/** For each endpoint that generates something: what is wrong with the body of a 2xx, null where nothing is. */
const DEFECTS: readonly (readonly [path: RegExp, defect: (json: unknown) => string | null])[] = [
  [/\/chat\/completions$/, (json) => inChoice(json, (choice) => messageDefect(field(choice, 'message')))],
  [
    /\/completions$/,
    (json) =>
      inChoice(json, ({ text }) => (typeof text === 'string' ? null : 'choices[0].text is not a text')),
  ],
  [/\/responses$/, (json) => (Array.isArray(field(json, 'output')) ? null : 'output is not a list')],
  [
    /\/embeddings$/,
    (json) => {
      const vector = field(listField(json, 'data')[0], 'embedding');
      const given = (typeof vector === 'string' || Array.isArray(vector)) && vector.length > 0;
      if (!given) return 'data[0].embedding is missing or empty';
      // JSON has no NaN: servers write null instead.
      const isVector = typeof vector === 'string' || vector.every(Number.isFinite);
      return isVector ? null : 'data[0].embedding holds something other than numbers';
    },
  ],
  [
    /\/images\/\w+$/,
    (json) => {
      const [image] = listField(json, 'data');
      const given = textField(image, 'url') ?? textField(image, 'b64_json');
      return given === null ? 'data[0] has neither url nor b64_json' : null;
    },
  ],
  [
    /\/moderations$/,
    (json) => (isRecord(listField(json, 'results')[0]) ? null : 'results is missing or empty'),
  ],
];

/**
 * Why the body of a 2xx is not an answer although it is not an error either: the official clients return it without an
 * error, and the program breaks when it reads it.
 * @param json the whole body, parsed
 * @returns null for an answer, and for what other endpoints send
 */
export function notAnAnswer(asked: Asked, json: unknown): Refusal | null {
  const defectOf = readerOf(asked);
  const status = defectOf === undefined ? null : textField(json, 'status');
  const failed = failedMidway(finishReasonOf(listField(json, 'choices')[0]) ?? status);
  if (failed !== null || defectOf === undefined) return failed;
  const ignored = asked.streams ? 'stream: true is ignored, and the body is not a stream' : null;
  const defect = defectOf(json) ?? ignored;
  return defect === null ? null : unreadable(defect);
}

/** Whether the answer is known to be generated: an empty body, or a stream of nothing, is then none. */
export const generates = (asked: Asked): boolean => readerOf(asked) !== undefined;

const readerOf = ({ method, path }: Asked) =>
  method === 'POST' ? DEFECTS.find(([end]) => end.test(path))?.[1] : undefined;

export const unreadable = (defect: string): Refusal => ({
  class: 'not_openai_shape',
  retryable: false,
  message: `Not an answer: ${defect}.`,
  ...NO_ERROR_FIELDS,
});

function inChoice(
  json: unknown,
  defectOf: (choice: Readonly<Record<string, unknown>>) => string | null,
): string | null {
  const choice = listField(json, 'choices')[0];
  return isRecord(choice) ? defectOf(choice) : 'choices is missing or empty';
}

/** @param message of a completion, or the delta of a chunk */
export function messageDefect(message: unknown): string | null {
  if (!isRecord(message)) return message === null ? 'message is null' : 'message is missing';
  const { content = null } = message;
  if (content === null || typeof content === 'string') return null;
  return `content is ${Array.isArray(content) ? 'a list of parts' : 'of another type'}, not a text`;
}

/** Why a message has no text where one is due; null where it has one. */
export function textDefect(message: unknown): string | null {
  const defect = messageDefect(message);
  if (defect !== null) return defect;
  const content = field(message, 'content');
  if (typeof content === 'string' && content.trim() !== '') return null;
  const reasoning = REASONING_FIELDS.find((name) => textField(message, name) !== null);
  if (reasoning !== undefined) return `there is only reasoning (${reasoning}), and no content`;
  return `content is ${content === undefined ? 'missing' : JSON.stringify(content)}`;
}

/** Where gateways put what a model thought before its answer. */
export const REASONING_FIELDS = ['reasoning_content', 'reasoning'] as const;
