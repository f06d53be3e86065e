/** What OpenRouter accounts for, by day: for reports, not for a gate, whose windows are shorter. */
import { z } from 'zod';
import { DAY } from '../../config/units.ts';
import { createSourceClient, type SourceClient, type SourceEndpoint } from '../fetch-source.ts';
import { isWithin, type Window } from '../instant.ts';
import type { Source, SourceError, SourceNote } from '../source.ts';
import { armOf, BILLED, type PriceBook, type Sum } from './sums.ts';

const NAME = 'OpenRouter';
const ACTIVITY_PATH = '/activity';

/** Complete UTC days that OpenRouter remembers. */
const DAYS_KEPT = 30;

export interface OpenrouterOptions {
  /** `https://openrouter.ai/api/v1`, with a management key. */
  readonly endpoint: SourceEndpoint;
  readonly book: PriceBook;
}

const count = z.int().min(0);
const usd = z.number().min(0);
const activitySchema = z.object({
  data: z.array(
    z.object({
      /** `2026-11-21`; some versions append a time of midnight. */
      date: z.string().regex(/^\d{4}-\d\d-\d\d/),
      model: z.string(),
      usage: usd,
      /** What the team's own key at the provider was charged. */
      byok_usage_inference: usd.nullish(),
      requests: count,
      prompt_tokens: count,
      completion_tokens: count,
    }),
  ),
});
type Activity = z.output<typeof activitySchema>['data'][number];

/**
 * The gateway arm by OpenRouter's activity: attempts, tokens and spend by model, of the whole UTC days inside the
 * window that are over and among the last 30.
 *
 * Wire format: `GET /activity` (management key).
 */
export function createOpenrouterSource(options: OpenrouterOptions): Source {
  const client = createSourceClient(NAME, options.endpoint);
  return {
    name: 'openrouter',
    arms: ['gateway'],
    async measure(query) {
      const { from, to } = query.window;
      const days = { from: Math.ceil(from / DAY) * DAY, to: Math.floor(Math.min(to, query.now) / DAY) * DAY };
      if (days.from >= days.to) {
        return {
          kind: 'no-data',
          reason: `${NAME} accounts by whole UTC days that are over, and this window has none; expected a window of days, as reports have.`,
        };
      }
      const activity = await readActivity(client, query.signal);
      if (activity.kind === 'error') return activity;
      const inside = activity.rows.filter((row) => isWithin(days, dayOf(row)));
      const summed = armOf(inside.map(sumOf), 'gateway', query, options.book);
      if (summed.kind === 'error') return summed;
      if (summed.counts === null) {
        return { kind: 'no-data', reason: `${NAME} knows of no request on the days of this window.` };
      }
      const notes = notesOn(query.window, days, query.now);
      return { kind: 'measured', arms: { gateway: summed.counts }, notes };
    },
  };
}

async function readActivity(
  client: SourceClient,
  signal: AbortSignal | undefined,
): Promise<{ readonly kind: 'rows'; readonly rows: readonly Activity[] } | SourceError> {
  const answer = await client.ask({ path: ACTIVITY_PATH, signal });
  if (answer.kind === 'error') return answer;
  const parsed = activitySchema.safeParse(answer.json);
  if (!parsed.success) return client.unreadable(ACTIVITY_PATH, 'JSON of another shape', 'activity by day');
  return { kind: 'rows', rows: parsed.data.data };
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
    reportedUsd: row.usage + (row.byok_usage_inference ?? 0),
  };
}

function notesOn(asked: Window, days: Window, now: number): SourceNote[] {
  const notes: SourceNote[] = [];
  if (asked.from !== days.from || asked.to !== days.to) {
    const message = `${NAME} accounts by whole UTC days: the parts of days at the ends of the window are not in it.`;
    notes.push({ reasonCode: 'whole_days', message });
  }
  if (days.from < Math.floor(now / DAY) * DAY - DAYS_KEPT * DAY) {
    const message = `${NAME} remembers ${DAYS_KEPT} days; what was before is not in it.`;
    notes.push({ reasonCode: 'history_too_short', message });
  }
  return notes;
}
