import type { Hazard } from '../inventory/hazards.ts';
import type { Site } from '../inventory/site.ts';
import { type Annotation, MAX_ANNOTATIONS } from './config-annotations.ts';
import { remarksOn } from './hard-coded.ts';

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
  return remarksOn(sites, hazards, suggest)
    .slice(0, MAX_ANNOTATIONS)
    .map(({ title, message, file, line, column }) => ({
      message,
      location: { title: `gateway-rollout: ${title}`, file, startLine: line, startColumn: column },
    }));
}
