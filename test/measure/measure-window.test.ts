import { describe, expect, it } from 'vitest';
import type { Arm } from '../../src/config/arms.ts';
import { measureWindow, unmeasuredArms } from '../../src/measure/measure-window.ts';
import { EMPTY_ARM } from '../../src/measure/measurement.ts';
import type { Source, SourceResult } from '../../src/measure/source.ts';

const window = { from: 0, to: 60_000 };
const query = { window, now: 120_000, slice: null, without: [] };
const about = { stage: '5%', share: 5 };
const BUSY = { ...EMPTY_ARM, tasks: 7 };

const source = (name: Source['name'], arms: readonly Arm[], answer: SourceResult): Source => ({
  name,
  arms,
  measure: async () => answer,
});
const official = source('openai', ['official'], { kind: 'measured', arms: { official: BUSY }, notes: [] });
const silent = { kind: 'no-data', reason: 'No record ended in it.' } as const;
const failing = { kind: 'error', reasonCode: 'unauthorized', reason: 'The token is wrong.' } as const;

describe('measuring a window', () => {
  it('joins both arms, and names every source once', async () => {
    const gateway = source('litellm', ['gateway'], {
      kind: 'measured',
      arms: { gateway: EMPTY_ARM },
      notes: [],
    });
    expect(await measureWindow([official, gateway], query, about, 60_000)).toEqual({
      kind: 'measured',
      measurement: {
        schema: 1,
        window,
        ...about,
        source: 'litellm+openai',
        arms: { official: BUSY, gateway: EMPTY_ARM },
      },
      notes: [],
    });
  });

  it('keeps an arm without data apart from an arm without tasks, and says why', async () => {
    const measured = await measureWindow(
      [official, source('jsonl', ['gateway'], silent)],
      query,
      about,
      60_000,
    );
    expect(measured).toMatchObject({
      measurement: { arms: { official: { tasks: 7 }, gateway: null } },
      notes: [{ reasonCode: 'no_data', message: silent.reason }],
    });
  });

  it('says so when a source of both arms sees one alone', async () => {
    const both = source('prometheus', ['official', 'gateway'], {
      kind: 'measured',
      arms: { official: BUSY, gateway: null },
      notes: [],
    });
    const measured = await measureWindow([both], query, about, 60_000);
    expect(measured).toMatchObject({
      measurement: { arms: { gateway: null } },
      notes: [{ reasonCode: 'no_data', message: expect.stringContaining('none for the gateway arm') }],
    });
  });

  it('is an error if one source fails, and names all that do', async () => {
    const gateway = source('litellm', ['gateway'], failing);
    const one = await measureWindow([official, gateway], query, about, 60_000);
    expect(one).toEqual({ kind: 'error', errors: [{ ...failing, source: 'litellm' }] });
    const other = source('openai', ['official'], failing);
    const two = await measureWindow([other, gateway], query, about, 60_000);
    expect(two).toMatchObject({ errors: [{ source: 'openai' }, { source: 'litellm' }] });
  });

  it('knows the arms without a source', () => {
    expect(unmeasuredArms([official])).toEqual(['gateway']);
    expect(unmeasuredArms([])).toEqual(['official', 'gateway']);
  });

  it('leaves out a beginning that cannot be measured, once the rest is as long as an interval', async () => {
    const message = 'A counter has a past.';
    const young: Source = {
      ...official,
      measure: async ({ window: { from } }) =>
        from < 20_000
          ? { kind: 'error', reasonCode: 'counter_history', reason: message, usableFrom: 20_000 }
          : { kind: 'measured', arms: { official: BUSY }, notes: [] },
    };
    const early = await measureWindow([young], query, about, 60_000);
    expect(early).toMatchObject({ kind: 'error', errors: [{ reasonCode: 'counter_history' }] });
    const late = await measureWindow([young], { ...query, window: { from: 0, to: 80_000 } }, about, 60_000);
    expect(late).toMatchObject({
      measurement: { window: { from: 20_000, to: 80_000 }, arms: { official: { tasks: 7 } } },
      notes: [{ reasonCode: 'beginning_left_out', message: expect.stringContaining(message) }],
    });
    const both = await measureWindow(
      [young, source('litellm', ['gateway'], failing)],
      { ...query, window: { from: 0, to: 80_000 } },
      about,
      60_000,
    );
    expect(both).toMatchObject({ kind: 'error' });
  });
});
