/** When a rollout may advance on its own. */
import { z } from 'zod';
import { notParsed, type Parsed } from '../durations-and-shares.ts';
import { parsedAs, readAs, section } from './scalars.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const WEEK: readonly string[] = WEEKDAYS;
type Weekday = (typeof WEEKDAYS)[number];

/** Hours of the day in the window's time zone: from `from`:00 until `to`:00, the end excluded. */
interface Hours {
  readonly from: number;
  readonly to: number;
}

const DAYS_EXPECTED = 'a day (mon, tue, wed, thu, fri, sat, sun) or a range such as mon-thu';
const HOURS_EXPECTED = 'a range of hours from 0 to 24, such as 9-16';
const TIMEZONE_EXPECTED = 'a time zone such as Europe/Berlin';

export const windowSchema = section({
  days: readAs(
    z
      .array(
        parsedAs(z.string({ error: DAYS_EXPECTED }), parseDays, (days) => days.join('-')),
        { error: 'a list of days and ranges, such as [mon-thu]' },
      )
      .min(1, { error: 'at least one day' }),
    (lists) => WEEKDAYS.filter((day) => lists.flat().includes(day)),
    (days) => days.map((day) => [day]),
  )
    .prefault(['mon-sun'])
    .describe('Days of the week: mon, tue, …, or ranges such as mon-thu.'),
  hours: parsedAs(z.string({ error: HOURS_EXPECTED }), parseHours, ({ from, to }) => `${from}-${to}`)
    .prefault('0-24')
    .describe('From the first hour up to, but not including, the last.'),
  timezone: z
    .string({ error: TIMEZONE_EXPECTED })
    .refine(isTimezone, { error: TIMEZONE_EXPECTED })
    .prefault('UTC')
    .describe('IANA name of the time zone.'),
});

/** `mon` or `mon-thu`, also across the end of the week (`fri-mon`). */
function parseDays(text: string): Parsed<Weekday[]> {
  const [first, last = first, ...more] = text
    .split('-')
    .map((name) => WEEK.indexOf(name.trim().toLowerCase()));
  if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) {
    return notParsed(DAYS_EXPECTED);
  }
  const length = ((last - first + 7) % 7) + 1;
  return { ok: true, value: Array.from({ length }, (_, step) => WEEKDAYS[(first + step) % 7] ?? 'mon') };
}

function parseHours(text: string): Parsed<Hours> {
  const [, from = NaN, to = NaN] = (/^(\d{1,2})-(\d{1,2})$/.exec(text) ?? []).map(Number);
  return from < to && to <= 24 ? { ok: true, value: { from, to } } : notParsed(HOURS_EXPECTED);
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
