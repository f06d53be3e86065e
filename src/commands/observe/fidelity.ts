/** In each window a few questions of our own to both arms: does the gateway still serve the same model? */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DAY, HOUR } from '../../config/durations-and-shares.ts';
import type { Config } from '../../config/schema.ts';
import { besideMeasurements } from '../../measure/handover.ts';
import type { Window } from '../../measure/instant.ts';
import type { Measurement } from '../../measure/measurement.ts';
import { type FidelityCall, performFidelity } from '../fidelity.ts';

const PAIRS_AN_HOUR = 20;

/**
 * @param out the file of measurements; what was learnt is kept beside it
 * @returns undefined where nothing was asked; a note says why
 */
export async function askFidelity(
  out: string | null,
  { from, to }: Window,
  config: Config,
  call: Omit<FidelityCall, 'config'>,
): Promise<Measurement['fidelity']> {
  const perDay = config.measure?.fidelity_usd_per_day ?? null;
  if (perDay === null) return undefined;
  const length = Math.min(to - from, DAY);
  const keep = out === null ? '' : besideMeasurements(out);
  // The first time, the questions are searched: once, and for as much as a day may cost.
  const isFirst = keep === '' || !existsSync(resolve(call.directory, keep));
  const maxCostUsd = String(isFirst ? perDay : (perDay * length) / DAY);
  const pairs = String(Math.ceil((PAIRS_AN_HOUR * length) / HOUR));
  const settings = { ...call.settings, keep, maxCostUsd, pairs };
  const outcome = await performFidelity({ ...call, config, settings });
  if (outcome.kind === 'refused') {
    call.onNote(`Not asked whether it is the same model: ${outcome.messages.join(' ')}`);
    return undefined;
  }
  const { verdict, comparisons } = outcome.report;
  return { verdict, pairs: comparisons.gateway.pairs, log10E: comparisons.gateway.log10E };
}
