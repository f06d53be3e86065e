/** Payloads that GitHub never sends: pieces are missing, of a wrong type, huge, deep, or in odd characters. */
import type { Random } from '../support/random.ts';

export interface Mutated {
  readonly payload: unknown;
  /** What was changed, such as `comment.user → null`. */
  readonly change: string;
}

const DEPTH = 500;

/** Replacements of a value, by name. */
const STRANGE: readonly (readonly [name: string, value: (old: unknown) => unknown])[] = [
  ['null', () => null],
  ['zero', () => 0],
  ['a negative number', () => -1],
  ['a number beyond all', () => 1e308],
  ['true', () => true],
  ['an empty text', () => ''],
  ['an empty list', () => []],
  ['an empty object', () => ({})],
  ['an object with an empty id', () => ({ id: null })],
  ['a huge text', () => 'x'.repeat(100_000)],
  ['a huge list', () => Array.from({ length: 3_000 }, (_, id) => ({ id }))],
  ['a deep object', () => nested((inner) => ({ inner }))],
  ['a deep list', () => nested((inner) => [inner])],
  [
    'odd characters',
    () => '\u0000\ud800\u202e👩‍👩‍👧﷽ <!-- gateway-rollout --> @acme/platform \r\n/advance-rollout',
  ],
  ['names of what every object has', () => JSON.parse('{"__proto__": {"id": 1}, "toString": 1}')],
  ['itself in a list', (old) => [old]],
  ['itself as a text', (old) => JSON.stringify(old) ?? ''],
  ['its length', (old) => String(old).length],
];

/** Replacements of a whole payload. */
const WHOLE: readonly unknown[] = [null, [], {}, 0, 'text', [[]], { action: 'created' }];

/** Replaces or removes one to three values of a copy; sometimes replaces the whole payload. */
export function mutated(random: Random, payload: object): Mutated {
  if (random() < 0.02) {
    const whole = oneOf(random, WHOLE);
    return { payload: whole, change: `all → ${JSON.stringify(whole)}` };
  }
  const copy: object = structuredClone(payload);
  const changes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => change(random, copy));
  return { payload: copy, change: changes.join(', ') };
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

function change(random: Random, payload: object): string {
  const { place, path } = somePlace(random, payload);
  const keys = Object.keys(place);
  if (keys.length === 0) return 'nothing';
  const key = oneOf(random, keys);
  const where = [...path, key].join('.');
  if (random() < 0.3) {
    Reflect.deleteProperty(place, key);
    return `${where} gone`;
  }
  const [name, value] = oneOf(random, STRANGE);
  Reflect.set(place, key, value(Reflect.get(place, key)));
  return `${where} → ${name}`;
}

/** An object or list of the payload; those near the top as often as all below them. */
function somePlace(
  random: Random,
  payload: object,
): { readonly place: object; readonly path: readonly string[] } {
  const path: string[] = [];
  let place = payload;
  // What an earlier change put there has its own depth.
  while (random() < 0.6 && path.length < 10) {
    const inner = Object.entries(place).filter(([, value]) => typeof value === 'object' && value !== null);
    if (inner.length === 0) break;
    const [key, value] = oneOf(random, inner);
    path.push(key);
    place = Object(value);
  }
  return { place, path };
}

function nested(around: (inner: unknown) => unknown): unknown {
  let value: unknown = 'the end';
  for (let depth = 0; depth < DEPTH; depth += 1) value = around(value);
  return value;
}
