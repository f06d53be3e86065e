/** Titles and sentences for hard-coded settings, where each is reported by itself. */
import type { Hazard } from '../inventory/hazards.ts';
import type { Site, SiteKind } from '../inventory/site.ts';
import { count } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { HAZARD_TITLE, placesPhrase } from './inventory-sentences.ts';

const BY_URGENCY: readonly SiteKind[] = ['api_key', 'base_url', 'model'];

/** Keys, then base URLs, then models. @param sites hard-coded ones */
function urgentFirst(sites: readonly Site[]): Site[] {
  const rank = ({ kind }: Site) => BY_URGENCY.indexOf(kind);
  return sites.toSorted((a, b) => rank(a) - rank(b));
}

/** What stands beside a line of code, as an annotation or a code scanning alert. */
export interface Remark extends Pick<Site, 'rule' | 'file' | 'line' | 'column'> {
  readonly kind: Site['kind'] | Hazard['kind'];
  readonly title: string;
  readonly message: string;
  /** Stays the same when lines move. */
  readonly identity: string;
}

/**
 * Keys, base URLs, models, hazards.
 * @param suggest how to move a setting out of the code; null if it has none
 */
export function remarksOn(
  sites: readonly Site[],
  hazards: readonly Hazard[],
  suggest: (site: Site) => string | null,
): Remark[] {
  return [
    ...urgentFirst(sites).map((site) => ({
      ...site,
      title: TITLES[site.kind] ?? 'Hard-coded base URL',
      message: hardCodedSentence(site, suggest(site)),
      identity: `${site.rule} ${site.file} ${site.value}`,
    })),
    ...hazards.map((hazard) => ({
      ...hazard,
      title: HAZARD_TITLE[hazard.kind],
      identity: `${hazard.rule} ${hazard.file}`,
    })),
  ].map((remark) => ({ ...remark, message: plainLine(remark.message, 1000) }));
}

const TITLES: Partial<Record<SiteKind, string>> = {
  api_key: 'API key in the repository',
  model: 'Hard-coded model',
};

function hardCodedSentence(site: Site, suggestion: string | null): string {
  const hint = suggestion === null ? '' : ` Suggestion: ${suggestion}.`;
  switch (site.kind) {
    case 'api_key':
      return `An API key is in the repository: revoke it, and read the new one from the environment.${hint}`;
    case 'model':
      return `The model ${site.value} is hard-coded: edit this line if the gateway uses another name.${hint}`;
    default:
      return `The base URL ${site.value} is hard-coded: edit this line to move this call to the gateway.${hint}`;
  }
}

/** Why the job fails with `fail-on: hard-coded`. */
export function hardCodedFailure(sites: readonly Site[]): string {
  return `${count(sites.length, 'setting')} ${sites.length === 1 ? 'is' : 'are'} hard-coded: ${placesPhrase(sites, 5)}. Read ${sites.length === 1 ? 'it' : 'them'} from the environment, or remove fail-on.`;
}
