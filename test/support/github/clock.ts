/**
 * Time on the emulated GitHub. The emulator behind it stamps what it makes with the machine's own time; what people
 * and the App see is the time of the scenario, in whole seconds as on GitHub.
 */
import { setTimeout } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970, the scenario's time. */
  now(): number;
  /** As GitHub writes a moment: `2026-01-05T09:00:00Z`. */
  stamp(moment?: number): string;
  /** To be awaited before every write: notes what the scenario's time is at this moment of the machine's. */
  mark(): Promise<void>;
  /** A moment as the emulator wrote it, in the scenario's time; moments that it did not make stay as they are. */
  inScenario(text: string): string;
}

export function createClock(now: () => number): Clock {
  const marks: { readonly machine: number; readonly time: number }[] = [];

  async function mark(): Promise<void> {
    const last = marks.at(-1);
    const time = now();
    if (last !== undefined && time - last.time === Date.now() - last.machine) return;
    // What was written in this millisecond belongs to the time before.
    const written = Date.now();
    while (last !== undefined && time !== last.time && Date.now() === written) await setTimeout(1);
    while (last !== undefined && Date.now() === last.machine) await setTimeout(1);
    marks.push({ machine: Date.now(), time: now() });
  }

  function inScenario(text: string): string {
    const machine = Date.parse(text);
    if (Number.isNaN(machine) || machine > Date.now()) return text;
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle]?.machine ?? 0) <= machine) low = middle + 1;
      else high = middle;
    }
    const mark = marks[low - 1];
    return mark === undefined ? text : stamp(mark.time);
  }

  const stamp = (moment = now()): string => `${new Date(moment).toISOString().slice(0, 19)}Z`;

  return { now, stamp, mark, inScenario };
}
