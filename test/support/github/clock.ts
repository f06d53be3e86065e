/**
 * Time on the emulated GitHub. The emulator behind it stamps what it makes with the machine's own time; what people
 * and the App see is the time of the scenario, in whole seconds as on GitHub.
 */
import { setTimeout } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970, as the scenario tells it. */
  now(): number;
  /** As GitHub writes a moment: `2026-01-05T09:00:00Z`. */
  stamp(moment?: number): string;
  /** To be awaited before every write: notes what the scenario's time is at this moment of the machine's. */
  mark(): Promise<void>;
  /** JSON text of the emulator, its moments translated. */
  translate(json: string): string;
}

const MOMENT = /"(\w+_at|date|timestamp)":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/g;
/** Tokens are issued and expire in the machine's time: clients keep them by that. */
const MACHINE_TIME = new Set(['expires_at']);

export function createClock(now: () => number): Clock {
  const marks: { readonly machine: number; readonly told: number }[] = [];

  async function mark(): Promise<void> {
    const last = marks.at(-1);
    const told = now();
    if (last !== undefined && told - last.told === Date.now() - last.machine) return;
    while (last !== undefined && Date.now() === last.machine) await setTimeout(1);
    marks.push({ machine: Date.now(), told: now() });
  }

  /** The scenario's time at a moment of the machine's; null for moments that the emulator did not make. */
  function told(machine: number): number | null {
    if (machine > Date.now()) return null;
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle]?.machine ?? 0) <= machine) low = middle + 1;
      else high = middle;
    }
    return marks[low - 1]?.told ?? null;
  }

  const stamp = (moment = now()): string => `${new Date(moment).toISOString().slice(0, 19)}Z`;

  return {
    now,
    stamp,
    mark,
    translate: (json) =>
      json.replace(MOMENT, (whole, key: string, text: string) => {
        if (MACHINE_TIME.has(key)) return whole;
        const moment = told(Date.parse(text));
        return moment === null ? whole : `"${key}":"${stamp(moment)}"`;
      }),
  };
}
