import type { Hazard } from '../inventory/hazards.ts';
import type { Site } from '../inventory/site.ts';
import { plainLine } from './foreign-text.ts';
import { HAZARD_TITLE, hardCodedSentence, KIND_TITLE } from './inventory-sentences.ts';

/** An annotation on a line of a file, in the shape that the runner takes. */
export interface InventoryAnnotation {
  readonly message: string;
  readonly place: {
    readonly title: string;
    readonly file: string;
    readonly startLine: number;
    readonly startColumn: number;
  };
}

/** GitHub shows ten notices of a step; more only make the log longer. */
const MAX_ANNOTATIONS = 10;

/**
 * Annotations for what a pull request adds: keys first, then base URLs, models, hazards.
 * @param sites the hard-coded ones on changed lines
 * @param hazards those on changed lines
 * @param suggest how to take a setting out of the code; null where nothing is suggested
 */
export function inventoryAnnotations(
  sites: readonly Site[],
  hazards: readonly Hazard[],
  suggest: (site: Site) => string | null,
): InventoryAnnotation[] {
  const order: readonly string[] = ['api_key', 'base_url', 'model'];
  const hardCoded = sites
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((site) =>
      annotation(`${KIND_TITLE[site.kind]} in the code`, site, hardCodedSentence(site, suggest(site))),
    );
  const dangers = hazards.map((hazard) => annotation(HAZARD_TITLE[hazard.kind], hazard, hazard.message));
  return [...hardCoded, ...dangers].slice(0, MAX_ANNOTATIONS);
}

function annotation(
  title: string,
  { file, line, column }: Site | Hazard,
  message: string,
): InventoryAnnotation {
  return {
    message: plainLine(message, 1000),
    place: { title: `gateway-rollout: ${title}`, file, startLine: line, startColumn: column },
  };
}
