import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { configAnnotations } from '../../report/annotations.ts';
import { plainLine } from '../../report/foreign-text.ts';
import { failureLine, nextStep, refusalLine, verdictSentence } from '../../report/sentences.ts';
import { checkSummary, refusalSummary } from '../../report/summary.ts';
import { checkOnTerminal } from '../../report/terminal.ts';
import { reportJson } from '../check.ts';
import { type Conclusion, missingModels } from './conclusion.ts';
import type { OutputName } from './outputs.ts';

const LOG_COLUMNS = 100;

/**
 * Tell a conclusion by outputs, summary, annotations, log and the job's status.
 * @param directory where the report is written
 */
export async function tell(conclusion: Conclusion, wantsSummary: boolean, directory: string): Promise<void> {
  switch (conclusion.kind) {
    case 'config-valid':
      setOutputs({ verdict: '', 'reason-code': 'config_valid', report: '', 'models-missing': '' });
      return;
    case 'refused': {
      const { reasonCode, messages, configProblems } = conclusion;
      setOutputs({ verdict: 'not-ready', 'reason-code': reasonCode, report: '', 'models-missing': '' });
      if (wantsSummary) await writeSummary(refusalSummary(messages));
      for (const message of messages) core.info(plainLine(message, 1000));
      for (const { message, place } of configAnnotations(configProblems)) core.error(message, place);
      core.setFailed(refusalLine(messages));
      return;
    }
    case 'report': {
      const { report } = conclusion;
      const file = path.join(directory, 'gateway-rollout-report.json');
      await writeFile(file, reportJson(report));
      setOutputs({
        verdict: report.verdict,
        'reason-code': report.reasonCode,
        report: file,
        'models-missing': missingModels(report).join(','),
      });
      if (wantsSummary) await writeSummary(checkSummary(report));
      core.info(checkOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
      if (report.verdict === 'skipped') core.notice(`${verdictSentence(report)} ${nextStep(report)}`);
      if (report.verdict === 'not-ready') core.setFailed(failureLine(report));
    }
  }
}

function setOutputs(outputs: Readonly<Record<OutputName, string>>): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
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
