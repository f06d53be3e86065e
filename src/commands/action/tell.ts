import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { isChanged } from '../../inventory/changed.ts';
import { hardCodedSites } from '../../inventory/inventory.ts';
import { suggestionFor } from '../../inventory/suggest.ts';
import { configAnnotations } from '../../report/annotations.ts';
import { plainLine } from '../../report/foreign-text.ts';
import { inventoryAnnotations } from '../../report/inventory-annotations.ts';
import { hardCodedFailure, readinessSentence } from '../../report/inventory-sentences.ts';
import { readinessSection } from '../../report/inventory-summary.ts';
import { inventoryOnTerminal } from '../../report/inventory-terminal.ts';
import { failureLine, nextStep, refusalLine, verdictSentence } from '../../report/sentences.ts';
import { checkSummary, refusalSummary } from '../../report/summary.ts';
import { checkOnTerminal } from '../../report/terminal.ts';
import { reportJson } from '../check.ts';
import { writeSarif } from '../inventory.ts';
import { version } from '../version.ts';
import { type CodeSeen, type Conclusion, missingModels } from './conclusion.ts';
import type { Inputs } from './inputs.ts';
import { OUTPUTS, type OutputName } from './outputs.ts';

const LOG_COLUMNS = 100;

/** Where files go: the report, and by the input's own path the SARIF. */
interface Places {
  readonly workspace: string;
  readonly reports: string;
}

type Wishes = Pick<Inputs, 'summary' | 'sarif' | 'failOnHardCoded'>;

/** Tell a conclusion by outputs, summary, annotations, log and the job's status. */
export async function tell(conclusion: Conclusion, wishes: Wishes, places: Places): Promise<void> {
  switch (conclusion.kind) {
    case 'config-valid':
      return setOutputs({ 'reason-code': 'config_valid' });
    case 'refused':
      return tellRefusal(conclusion, wishes);
    case 'inventory': {
      const { code } = conclusion;
      setOutputs({ 'reason-code': 'inventory_taken', ...codeOutputs(code) });
      if (wishes.summary) await writeSummary(`## Gateway rollout\n\n${readinessSection(code.inventory, hardCodedSites(code.inventory))}`);
      const onTerminal = { color: false, columns: LOG_COLUMNS, suggest: suggestionFor };
      core.info(inventoryOnTerminal(code.inventory, onTerminal));
      return tellCode(code, wishes, places);
    }
    case 'report':
      return tellReport(conclusion, wishes, places);
  }
}

async function tellRefusal(
  { reasonCode, messages, configProblems }: Extract<Conclusion, { kind: 'refused' }>,
  { summary }: Wishes,
): Promise<void> {
  setOutputs({ verdict: 'not-ready', 'reason-code': reasonCode });
  if (summary) await writeSummary(refusalSummary(messages));
  for (const message of messages) core.info(plainLine(message, 1000));
  for (const { message, place } of configAnnotations(configProblems)) core.error(message, place);
  core.setFailed(refusalLine(messages));
}

async function tellReport(
  { report, code }: Extract<Conclusion, { kind: 'report' }>,
  wishes: Wishes,
  places: Places,
): Promise<void> {
  const file = path.join(places.reports, 'gateway-rollout-report.json');
  await writeFile(file, reportJson(report));
  setOutputs({
    verdict: report.verdict,
    'reason-code': report.reasonCode,
    report: file,
    'models-missing': missingModels(report).join(','),
    ...(code === null ? {} : codeOutputs(code)),
  });
  const readiness = code === null ? '' : `\n${readinessSection(code.inventory, hardCodedSites(code.inventory))}`;
  if (wishes.summary) await writeSummary(checkSummary(report) + readiness);
  core.info(checkOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
  if (report.verdict === 'skipped') core.notice(`${verdictSentence(report)} ${nextStep(report)}`);
  if (report.verdict === 'not-ready') core.setFailed(failureLine(report));
  if (code !== null) await tellCode(code, wishes, places);
}

/** Annotations on changed lines, the SARIF, and the failure that a team asked for. */
async function tellCode(
  { inventory, changed }: CodeSeen,
  { sarif, failOnHardCoded }: Wishes,
  { workspace }: Places,
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

function codeOutputs({ inventory }: CodeSeen): Partial<Readonly<Record<OutputName, string>>> {
  return {
    'hard-coded': String(hardCodedSites(inventory).length),
    readiness: String(inventory.readiness.score),
  };
}

/** Outputs that are not given are empty. */
function setOutputs(outputs: Partial<Readonly<Record<string, string>>>): void {
  for (const name of Object.keys(OUTPUTS)) core.setOutput(name, outputs[name] ?? '');
}

/** A summary that cannot be written (no such file outside GitHub) must not change the verdict. */
async function writeSummary(markdown: string): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch (error) {
    core.info(
      `The job summary could not be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
