import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openMeasurementFile } from '../../../src/commands/observe/measurement-file.ts';
import { formatMeasurement } from '../../../src/measure/measurement.ts';
import { formatRecord } from '../../../src/measure/record.ts';
import { emptyMeasurement } from '../../measure/measurements.ts';
import { record } from '../../measure/records.ts';
import { temporaryDirectory } from '../../support/files.ts';

const START = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR = 3_600_000;

let directory = '';
let file = '';

beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory, 'measurements.jsonl');
});

const measurement = (hour: number, stage = '5%') =>
  emptyMeasurement({ window: { from: START + hour * HOUR, to: START + (hour + 1) * HOUR }, stage });
const line = (hour: number, stage?: string) => `${formatMeasurement(measurement(hour, stage))}\n`;

async function open() {
  const opened = await openMeasurementFile(file, 'measurements.jsonl');
  if (opened.kind === 'refused') throw new Error(opened.messages[0]);
  return opened;
}

describe('the file of measurements', () => {
  it('is created with the first measurement', async () => {
    const opened = await open();
    expect(opened).toMatchObject({ last: null, notes: [] });
    expect(await opened.append(measurement(0))).toBeNull();
    expect(await readFile(file, 'utf8')).toBe(line(0));
  });

  it('continues from its last line, whatever came before', async () => {
    await writeFile(file, `something else\n${line(0)}${line(1, '25%')}\n\n`);
    expect((await open()).last).toEqual({ window: measurement(1).window, stage: '25%' });
  });

  it('finds a last line that is longer than one read', async () => {
    const long = measurement(3, 'x'.repeat(300_000));
    await writeFile(file, `${line(0)}${formatMeasurement(long)}\n`);
    expect((await open()).last?.window).toEqual(long.window);
    await appendFile(file, line(4));
    expect((await open()).last?.window).toEqual(measurement(4).window);
  });

  it.each([5, 25, 40, 200])(
    'measures the window of an incomplete line again, after %i characters of it',
    async (length) => {
      await writeFile(file, line(0) + line(1).slice(0, length));
      const opened = await open();
      expect(opened.last?.window).toEqual(measurement(0).window);
      expect(opened.notes).toEqual([
        'measurements.jsonl: the last line is incomplete; its window is measured again.',
      ]);
      await opened.append(measurement(1));
      expect(await readFile(file, 'utf8')).toBe(line(0) + line(1));
    },
  );

  it('starts over after an incomplete first line', async () => {
    await writeFile(file, line(0).slice(0, 100));
    const opened = await open();
    expect(opened.last).toBeNull();
    await opened.append(measurement(0));
    expect(await readFile(file, 'utf8')).toBe(line(0));
  });

  it('adds a missing line break to a complete line', async () => {
    await writeFile(file, line(0).trimEnd());
    const opened = await open();
    expect(opened).toMatchObject({ last: { window: measurement(0).window }, notes: [] });
    await opened.append(measurement(1));
    expect(await readFile(file, 'utf8')).toBe(line(0) + line(1));
  });

  it.each([
    ['records', `${formatRecord(record())}\n`],
    ['a text', 'Dear diary'],
    ['a half-written record', `${line(0)}${formatRecord(record()).slice(0, 60)}`],
    ['another version', `${line(0).replace('"schema":1', '"schema":2')}`],
  ])('does not touch a file of another kind: %s', async (_, content) => {
    await writeFile(file, content);
    expect(await openMeasurementFile(file, 'measurements.jsonl')).toMatchObject({
      kind: 'refused',
      reasonCode: 'unreadable_measurements',
      messages: [expect.stringContaining('the last line is not a measurement')],
    });
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('adds nothing if another program wrote first', async () => {
    await writeFile(file, line(0));
    const [slow, fast] = [await open(), await open()];
    expect(await fast.append(measurement(1))).toBeNull();
    expect(await slow.append(measurement(1))).toMatchObject({ reasonCode: 'measurements_changed' });
    expect((await stat(file)).size).toBe(Buffer.byteLength(line(0) + line(1)));
  });

  it('reports that it cannot be read or written', async () => {
    expect(await openMeasurementFile(directory, 'out')).toMatchObject({
      reasonCode: 'unreadable_measurements',
    });
    file = join(directory, 'missing', 'measurements.jsonl');
    expect(await (await open()).append(measurement(0))).toMatchObject({
      reasonCode: 'unwritable_measurements',
    });
  });
});
