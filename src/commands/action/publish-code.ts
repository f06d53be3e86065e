/** How a run of the Action tells what it saw of the code. */
import path from 'node:path';
import * as core from '@actions/core';
import { isChanged } from '../../inventory/changed.ts';
import { hardCodedSites } from '../../inventory/inventory.ts';
import { suggestionFor } from '../../inventory/suggest.ts';
import { hardCodedFailure } from '../../report/hard-coded.ts';
import { inventoryAnnotations } from '../../report/inventory-annotations.ts';
import { readinessSentence } from '../../report/inventory-sentences.ts';
import { readinessSection } from '../../report/inventory-summary.ts';
import { inventoryOnTerminal } from '../../report/inventory-terminal.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import { writeSarif } from '../inventory.ts';
import { version } from '../version.ts';
import type { CodeSeen } from './conclusion.ts';
import type { Inputs } from './inputs.ts';
import { LOG_COLUMNS } from './job.ts';
import type { Outputs } from './outputs.ts';

/** The section of the job's summary. */
export const codeSection = ({ inventory }: CodeSeen): string =>
  readinessSection(inventory, hardCodedSites(inventory));

/** The inventory as the job's log shows it. */
export const codeForLog = ({ inventory }: CodeSeen): string =>
  inventoryOnTerminal(inventory, { color: false, columns: LOG_COLUMNS, suggest: suggestionFor });

export function codeOutputs({ inventory }: CodeSeen): Outputs {
  return {
    'hard-coded': String(hardCodedSites(inventory).length),
    readiness: String(inventory.readiness.score),
  };
}

/** Annotations on changed lines, the SARIF, and the failure that a team asked for. */
export async function publishCode(
  { inventory, changed }: CodeSeen,
  { sarif, failOnHardCoded }: Pick<Inputs, 'sarif' | 'failOnHardCoded'>,
  workspace: string,
): Promise<void> {
  core.info(plainLine(readinessSentence(inventory)));
  const hardCoded = hardCodedSites(inventory);
  if (changed !== null) {
    const sites = hardCoded.filter((site) => isChanged(changed, site));
    const hazards = inventory.hazards.filter(
      (hazard) => hazard.scope === 'code' && isChanged(changed, hazard),
    );
    for (const { message, place } of inventoryAnnotations(sites, hazards, suggestionFor))
      core.notice(message, place);
  }
  if (sarif !== null) await writeSarif(path.resolve(workspace, sarif), inventory, version());
  if (failOnHardCoded && hardCoded.length > 0) core.setFailed(hardCodedFailure(hardCoded));
}
