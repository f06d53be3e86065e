/** Publishes what the inventory found in the code. */
import path from 'node:path';
import * as core from '@actions/core';
import { isChanged } from '../../inventory/changed.ts';
import { hardCodedSites } from '../../inventory/inventory.ts';
import { suggestionInWords } from '../../inventory/suggest.ts';
import { hardCodedFailure } from '../../report/hard-coded.ts';
import { inventoryAnnotations } from '../../report/inventory-annotations.ts';
import { readinessSentence } from '../../report/inventory-sentences.ts';
import { readinessSection } from '../../report/inventory-summary.ts';
import { inventoryOnTerminal } from '../../report/inventory-terminal.ts';
import { writeSarif } from '../inventory.ts';
import { version } from '../version.ts';
import type { ScannedCode } from './conclusion.ts';
import { LOG_COLUMNS, logLine, type PublishOptions } from './job.ts';
import type { Outputs } from './outputs.ts';

export const codeSection = ({ inventory }: ScannedCode): string =>
  readinessSection(inventory, hardCodedSites(inventory));

export const codeForLog = ({ inventory }: ScannedCode): string =>
  inventoryOnTerminal(inventory, { color: false, columns: LOG_COLUMNS, suggest: suggestionInWords });

export function codeOutputs({ inventory }: ScannedCode): Outputs {
  return {
    'hard-coded': String(hardCodedSites(inventory).length),
    readiness: String(inventory.readiness.score),
  };
}

/** Annotations on changed lines, the SARIF, and the failure if the team wants one. */
export async function publishCode(
  { inventory, changed }: ScannedCode,
  { sarif, failOnHardCoded, workspace }: PublishOptions,
): Promise<void> {
  logLine(readinessSentence(inventory), 500);
  const hardCoded = hardCodedSites(inventory);
  if (changed !== null) {
    const sites = hardCoded.filter((site) => isChanged(changed, site));
    const hazards = inventory.hazards.filter(
      (hazard) => hazard.scope === 'code' && isChanged(changed, hazard),
    );
    for (const { message, location } of inventoryAnnotations(sites, hazards, suggestionInWords))
      core.notice(message, location);
  }
  if (sarif !== null) await writeSarif(path.resolve(workspace, sarif), inventory, version());
  if (failOnHardCoded && hardCoded.length > 0) core.setFailed(hardCodedFailure(hardCoded));
}
