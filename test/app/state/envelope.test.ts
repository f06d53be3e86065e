import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, seal } from '../../../app/state/envelope.ts';
import { type Migrations, migrate } from '../../../app/state/migrations.ts';
import {
  canonicalJson,
  readOrder,
  type StateIdentity,
  sealOrder,
  sign,
} from '../../../app/state/signature.ts';
import { firstState } from './states.ts';

const KEY = 'k'.repeat(32);
const OTHER = 'o'.repeat(32);
const HERE: StateIdentity = { repository: 42, rollout: 'assistant', keys: [KEY] };
const CONTENT = {
  started: 7,
  sequence: 3,
  previous: 'b10b',
  message: 'advance 5% → 25%',
  state: firstState(),
};
const SEALED = seal(CONTENT, HERE);

const reasonOf = (text: string, here = HERE): string => {
  const opened = open(text, here);
  return opened.kind === 'opened' ? 'opened' : opened.reason;
};
const detailOf = (text: string, here = HERE): string => {
  const opened = open(text, here);
  return opened.kind === 'opened' ? 'opened' : opened.detail;
};

describe('the file of a state', () => {
  it('is read back as it was written', () => {
    const opened = open(SEALED, HERE);
    expect(opened).toMatchObject({
      kind: 'opened',
      envelope: { ...CONTENT, repository: 42, rollout: 'assistant' },
    });
    if (opened.kind === 'opened') expect(opened.envelope.state).toEqual(CONTENT.state);
  });

  it('never holds the key, and reads well', () => {
    expect(SEALED).not.toContain(KEY);
    const { state: _, mac, ...rest } = JSON.parse(SEALED);
    expect(mac).toMatch(/^[0-9a-f]{64}$/);
    expect(rest).toMatchInlineSnapshot(`
      {
        "key": "688249b9",
        "message": "advance 5% → 25%",
        "previous": "b10b",
        "repository": 42,
        "rollout": "assistant",
        "schema": 2,
        "sequence": 3,
        "started": 7,
      }
    `);
  });

  it('has a list of numbers on one line, so that a diff stays short', () => {
    const points = [{ at: 1, official: 99.5, gateway: 1e-7 }];
    const stage = { ...CONTENT.state.stage, points };
    const state = { ...CONTENT.state, stage, applied: { keys: [], comments: [1, 2, 3], allUpTo: 0 } };
    const text = seal({ ...CONTENT, state }, HERE);
    expect(text).toContain('"comments": [1, 2, 3],');
    expect(open(text, HERE)).toMatchObject({ kind: 'opened', envelope: { state } });
  });

  it.each([
    ['a moved stage', /"index": 0/, '"index": 1'],
    ['another sequence', /"sequence": 3/, '"sequence": 4'],
    ['another history', /"previous": "b10b"/, '"previous": "beef"'],
    ['another log line', /5% → 25%/, '5% → 100%'],
    ['a later start', /"started": 7/, '"started": 8'],
    ['a key more', /"sequence": 3/, '"by": "me", "sequence": 3'],
  ])('is not trusted with %s', (_what, found, forged) => {
    expect(SEALED).toMatch(found);
    expect(reasonOf(SEALED.replace(found, forged))).toBe('not_verified');
  });

  it('is trusted with any layout and key order', () => {
    const reversed = Object.fromEntries(Object.entries(JSON.parse(SEALED)).reverse());
    expect(reasonOf(JSON.stringify(reversed))).toBe('opened');
  });

  it('is not trusted when it was copied from another rollout or repository', () => {
    expect(reasonOf(SEALED, { ...HERE, rollout: 'search' })).toBe('not_verified');
    expect(reasonOf(SEALED, { ...HERE, repository: 43 })).toBe('not_verified');
    expect(detailOf(SEALED, { ...HERE, repository: 43 })).toContain('was copied from another');
  });

  it('is not trusted unsigned, nor by an App without its key', () => {
    const unsigned = seal(CONTENT, { ...HERE, keys: null });
    expect(reasonOf(unsigned)).toBe('not_verified');
    expect(reasonOf(SEALED, { ...HERE, keys: null })).toBe('not_verified');
    expect(reasonOf(unsigned, { ...HERE, keys: null })).toBe('opened');
  });

  it('is trusted after the key was rotated, while the old one is still listed', () => {
    expect(reasonOf(SEALED, { ...HERE, keys: [OTHER, KEY] })).toBe('opened');
    expect(reasonOf(SEALED, { ...HERE, keys: [OTHER] })).toBe('not_verified');
    expect(detailOf(SEALED, { ...HERE, keys: [OTHER] })).toMatchInlineSnapshot(
      `"The state on gateway-rollout/assistant was signed with the key 688249b9, which this App does not have. Set STATE_KEY to that key, or add it to STATE_KEYS_OLD after a rotation."`,
    );
  });

  it('of a newer program stops this one, and says to update', () => {
    expect(reasonOf(SEALED.replace('"schema": 2', '"schema": 3'))).toBe('newer_schema');
    expect(detailOf('{"schema": 12}')).toMatchInlineSnapshot(
      `"The state on gateway-rollout/assistant has schema 12; this version of the App knows schemas up to 2. A newer version wrote it: update the App."`,
    );
  });

  it.each([
    ['', 'broken'],
    ['<<<<<<< HEAD', 'broken'],
    ['{}', 'not_verified'],
    ['[]', 'not_verified'],
    ['7', 'not_verified'],
  ])('is never read from %j', (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it('that is signed and yet unreadable says where', () => {
    const state = { ...CONTENT.state, stage: { ...CONTENT.state.stage, index: -1 } };
    expect(detailOf(seal({ ...CONTENT, state }, HERE))).toMatchInlineSnapshot(
      `"The state on gateway-rollout/assistant cannot be read (at state.stage.index), although its signature is valid. Restore the previous commit, or delete the branch and start the rollout again."`,
    );
  });

  it('of any bytes is judged without an exception', () => {
    fc.assert(fc.property(fc.string(), (text) => reasonOf(text) !== 'opened'));
    fc.assert(fc.property(fc.json(), (text) => reasonOf(text) !== 'opened'));
  });

  it('is not trusted with any one character changed', () => {
    const { length } = SEALED;
    fc.assert(
      fc.property(fc.nat(length - 1), fc.stringMatching(/^[0-9a-z"]$/), (at, character) => {
        fc.pre(SEALED[at] !== character && /\S/.test(SEALED[at] ?? ''));
        return reasonOf(SEALED.slice(0, at) + character + SEALED.slice(at + 1)) !== 'opened';
      }),
      { numRuns: 200 },
    );
  });
});

describe('canonical JSON', () => {
  it('is the same text for the same value, and another for another', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [plainA, plainB] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
        expect(JSON.parse(canonicalJson(plainA))).toEqual(plainA);
        const isSame = canonicalJson(plainA) === canonicalJson(plainB);
        expect(isSame).toBe(isDeepStrictEqual(plainA, plainB));
        const reversed = reversedKeys(plainA);
        expect(canonicalJson(reversed)).toBe(canonicalJson(plainA));
      }),
    );
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
  });

  function reversedKeys(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(reversedKeys);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([key, member]) => [key, reversedKeys(member)]);
    return Object.fromEntries(members.reverse());
  }
});

describe('older schemas', () => {
  const steps: Migrations = {
    1: (file) => ({ ...file, schema: 2, added: true }),
    2: ({ added, ...file }) => ({ ...file, schema: 3, renamed: added }),
  };

  it('are migrated step by step', () => {
    expect(migrate({ schema: 1, a: 1 }, steps, 3)).toEqual({
      kind: 'current',
      file: { schema: 3, a: 1, renamed: true },
    });
    expect(migrate({ schema: 3 }, steps, 3)).toEqual({ kind: 'current', file: { schema: 3 } });
    expect(migrate({ schema: 4 }, steps, 3)).toEqual({ kind: 'newer', schema: 4 });
  });

  it('of a running rollout are read, and its stage collects the evidence anew', () => {
    const { mac: _, ...file } = JSON.parse(SEALED);
    const { road: _road, question: _question, ...state } = file.state;
    const {
      stepsBack: _steps,
      watching: _watching,
      notice: _notice,
      tasksPerDay: _tasks,
      ...stage
    } = state.stage;
    const clock = { stoppedSince: null, stopped: 0 };
    const evidence = { sinceWritten: { schema: 1, windows: 3 }, sinceVerified: { schema: 1, windows: 3 } };
    const old = { ...file, schema: 1, state: { ...state, stage: { ...stage, clock, evidence } } };
    const opened = open(JSON.stringify({ ...old, mac: sign(KEY, canonicalJson(old)) }), HERE);
    expect(opened).toMatchObject({ kind: 'opened', envelope: { state: CONTENT.state } });
  });

  it.each([[{}], [null], ['x'], [{ schema: 0 }], [{ schema: 1.5 }], [{ schema: '1' }]])(
    'cannot be made of %j',
    (file) => {
      expect(migrate(file, steps, 3)).toEqual({ kind: 'broken' });
    },
  );

  it('cannot loop, whatever a step returns', () => {
    expect(migrate({ schema: 1 }, { 1: () => ({ schema: 1 }) }, 3)).toEqual({ kind: 'broken' });
    expect(migrate({ schema: 1 }, {}, 3)).toEqual({ kind: 'broken' });
  });
});

describe("the number on the rollout's issue", () => {
  it('is read back, and a forged one is not trusted', () => {
    const order = { sequence: 12, started: 1_000 };
    const shown = sealOrder(order, HERE);
    expect(shown).toMatch(/^12\.1000\.[0-9a-f]{8}\.[0-9a-f]{64}$/);
    expect(readOrder(shown, HERE)).toEqual(order);
    expect(readOrder(shown, { ...HERE, keys: [OTHER, KEY] })).toEqual(order);
    expect(readOrder(shown.replace('12', '13'), HERE)).toBeNull();
    expect(readOrder(shown.replace('1000', '2000'), HERE)).toBeNull();
    expect(readOrder(shown, { ...HERE, rollout: 'search' })).toBeNull();
    expect(readOrder(shown, { ...HERE, keys: [OTHER] })).toBeNull();
    for (const seal of ['', '12', '12.1000', '12.1000.x.y', '12.x.y', 'x', '-1', '1e3'])
      expect(readOrder(seal, HERE)).toBeNull();
  });

  it('without a key is not signed', () => {
    const keyless = { ...HERE, keys: null };
    const order = { sequence: 12, started: 1_000 };
    expect(sealOrder(order, keyless)).toBe('12.1000');
    expect(readOrder('12.1000', keyless)).toEqual(order);
    expect(readOrder('twelve', keyless)).toBeNull();
  });
});
