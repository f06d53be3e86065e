import type { Hazard } from '../inventory/hazards.ts';
import type { Site } from '../inventory/site.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { type Annotation, MAX_ANNOTATIONS } from './config-annotations.ts';
import { hardCodedSentence, hardCodedTitle, urgentFirst } from './hard-coded.ts';
import { HAZARD_TITLE } from './inventory-sentences.ts';

/**
 * Annotations for what a pull request adds: keys first, then base URLs, models, hazards.
 * @param sites the hard-coded ones on changed lines
 * @param hazards those on changed lines
 * @param suggest how to move a setting out of the code; null if there is no suggestion
 */
export function inventoryAnnotations(
  sites: readonly Site[],
  hazards: readonly Hazard[],
  suggest: (site: Site) => string | null,
): Annotation[] {
  const hardCoded = urgentFirst(sites).map((site) =>
    annotation(hardCodedTitle(site), site, hardCodedSentence(site, suggest(site))),
  );
  const hazardous = hazards.map((hazard) => annotation(HAZARD_TITLE[hazard.kind], hazard, hazard.message));
  return [...hardCoded, ...hazardous].slice(0, MAX_ANNOTATIONS);
}

function annotation(title: string, { file, line, column }: Site | Hazard, message: string): Annotation {
  return {
    message: plainLine(message, 1000),
    location: { title: `gateway-rollout: ${title}`, file, startLine: line, startColumn: column },
  };
}
