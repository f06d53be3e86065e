/** OpenRouter's activity by day: for reports, since a gate's windows are shorter. */
import { z } from 'zod';
import { DAY } from '../../config/durations-and-shares.ts';
import { createSourceClient } from '../fetch-source.ts';
import { isWithin, type Window } from '../instant.ts';
import type { Source, SourceNote } from '../source.ts';
import { BILLED, type PlatformOptions, resultOfSums, type Sum } from './sums.ts';

const NAME = 'OpenRouter';
const ACTIVITY_PATH = '/activity';

/** How many whole UTC days OpenRouter keeps. */
const DAYS_KEPT = 30;

const count = z.int().min(0);
const usd = z.number().min(0);
const activitySchema = z.object({
  data: z.array(
    z.object({
      /** `2026-11-21`; some versions append a time of midnight. */
      date: z.string().regex(/^\d{4}-\d\d-\d\d/),
      model: z.string(),
      usage: usd,
      /** Charged to the team's own key at the provider. */
      byok_usage_inference: usd.nullish(),
      requests: count,
      prompt_tokens: count,
      completion_tokens: count,
    }),
  ),
});
type Activity = z.output<typeof activitySchema>['data'][number];

/**
 * The gateway arm from OpenRouter's activity: attempts, tokens and spend by model. It has the whole UTC days of the
 * window that are over and among the last 30.
 *
 * Wire format: `GET /activity` of `https://openrouter.ai/api/v1`, with a management key.
 */
export function createOpenrouterSource(options: PlatformOptions): Source {
  return {
    name: 'openrouter',
    arms: ['gateway'],
    async measure(query) {
      const { from, to } = query.window;
      const days = { from: Math.ceil(from / DAY) * DAY, to: Math.floor(Math.min(to, query.now) / DAY) * DAY };
      if (days.from >= days.to) {
        const reason = `${NAME} reports whole UTC days that are over, and this window contains none; expected a window of days, as in reports.`;
        return { kind: 'no-data', reason };
      }
      const client = createSourceClient(NAME, options.endpoint, query.signal);
      const activity = await client.read({ path: ACTIVITY_PATH }, activitySchema, 'activity by day');
      if (activity.kind === 'error') return activity;
      const sums = activity.value.data.filter((row) => isWithin(days, dayOf(row))).map(sumOf);
      const nothing = `${NAME} has no request on the days of this window.`;
      const result = resultOfSums(sums, 'gateway', query, options.book, nothing);
      if (result.kind !== 'measured') return result;
      return { ...result, notes: notesOn(query.window, days, query.now) };
    },
  };
}

function dayOf({ date }: Activity): number {
  return Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
}

function sumOf(row: Activity): Sum {
  return {
    ...BILLED,
    model: row.model,
    key: null,
    member: null,
    requests: row.requests,
    tokens: { input: row.prompt_tokens, cachedInput: 0, output: row.completion_tokens },
    cacheKnown: false,
    reportedUsd: row.usage + (row.byok_usage_inference ?? 0),
  };
}

function notesOn(requested: Window, days: Window, now: number): SourceNote[] {
  const notes: SourceNote[] = [];
  if (requested.from !== days.from || requested.to !== days.to) {
    const message = `${NAME} reports whole UTC days: partial days at the ends of the window are left out.`;
    notes.push({ reasonCode: 'whole_days', message });
  }
  if (days.from < Math.floor(now / DAY) * DAY - DAYS_KEPT * DAY) {
    const message = `${NAME} keeps ${DAYS_KEPT} days; earlier days are left out.`;
    notes.push({ reasonCode: 'history_too_short', message });
  }
  return notes;
}
