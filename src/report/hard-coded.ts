/** Titles and sentences for hard-coded settings, where each is reported by itself. */
import type { Site, SiteKind } from '../inventory/site.ts';
import { count } from '../wording/amounts.ts';
import { placesPhrase } from './inventory-sentences.ts';

const BY_URGENCY: readonly SiteKind[] = ['api_key', 'base_url', 'model'];

/** Keys, then base URLs, then models. @param sites hard-coded ones */
export function urgentFirst(sites: readonly Site[]): Site[] {
  const rank = ({ kind }: Site) => BY_URGENCY.indexOf(kind);
  return sites.toSorted((a, b) => rank(a) - rank(b));
}

/** The title of an annotation or a code scanning alert for a hard-coded site. */
export function hardCodedTitle({ kind }: Site): string {
  if (kind === 'api_key') return 'API key in the repository';
  return kind === 'model' ? 'Hard-coded model' : 'Hard-coded base URL';
}

/** What an annotation or a code scanning alert says about a hard-coded site. */
export function hardCodedSentence(site: Site, suggestion: string | null): string {
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
