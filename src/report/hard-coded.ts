/** What is told of settings that stand in the code, wherever each is told by itself. */
import type { Site, SiteKind } from '../inventory/site.ts';
import { count } from '../wording/amounts.ts';
import { placesPhrase } from './inventory-sentences.ts';

const MOST_URGENT_FIRST: readonly SiteKind[] = ['api_key', 'base_url', 'model'];

/** Keys, then base URLs, then models. @param sites hard-coded ones */
export function urgentFirst(sites: readonly Site[]): Site[] {
  const rank = ({ kind }: Site) => MOST_URGENT_FIRST.indexOf(kind);
  return sites.toSorted((a, b) => rank(a) - rank(b));
}

/** What an annotation or a code scanning alert says of a hard-coded site. */
export function hardCodedSentence(site: Site, suggestion: string | null): string {
  const hint = suggestion === null ? '' : ` Suggestion: ${suggestion}.`;
  switch (site.kind) {
    case 'api_key':
      return `A key stands here in the repository: revoke it, and read the new one from the environment.${hint}`;
    case 'model':
      return `The model ${site.value} is hard-coded: a gateway that names it otherwise needs this line edited.${hint}`;
    default:
      return `The base URL ${site.value} is hard-coded: only an edit of this line moves this call to the gateway.${hint}`;
  }
}

/** Why a job fails whose team asked it to. */
export function hardCodedFailure(sites: readonly Site[]): string {
  return `${count(sites.length, 'setting')} of the product ${sites.length === 1 ? 'is' : 'are'} hard-coded: ${placesPhrase(sites, 5)}. Read them from configuration, or take fail-on out.`;
}
