/** `fidelity`, on a terminal and in a job alike: does the gateway serve the model that it is asked for? */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expectedCost } from '../check/fidelity/plan.ts';
import { type FidelityReport, type KeptFidelity, keptFidelitySchema } from '../check/fidelity/report.ts';
import { runFidelity } from '../check/fidelity/run.ts';
import type { Environment } from '../config/environment.ts';
import { parseJson } from '../gateway/json.ts';
import { createRedactor } from '../gateway/redact.ts';
import { fidelityOnTerminal } from '../report/fidelity-terminal.ts';
import { count, usd, whole } from '../wording/amounts.ts';
import type { ArmCall } from './arms.ts';
import { usedIn } from './in-use.ts';
import { writePage } from './page-file.ts';
import { type FidelitySettings, planFidelity } from './plan-fidelity.ts';
import { type Refused, reasonOf, refuse, refuseCall } from './refusal.ts';
import { knownSecrets, nonBlank } from './settings.ts';
import { errorsTo, type Terminal } from './terminal.ts';
import { callOnTerminal } from './terminal-call.ts';

export interface TestedFidelity {
  readonly kind: 'fidelity';
  /** Without secrets. */
  readonly report: FidelityReport;
  /** The file of the page; null where none was written. */
  readonly page: string | null;
}

export type FidelityCall = ArmCall<FidelitySettings>;

/** Plans, says the cost, asks, and keeps what was learnt. Files are opened before a request is paid for. */
export async function performFidelity(call: FidelityCall): Promise<TestedFidelity | Refused> {
  const { settings, directory } = call;
  const file = nonBlank(settings.keep);
  const kept = file === null ? null : await readKept(resolve(directory, file), file);
  if (kept !== null && 'messages' in kept) return kept;
  const { usesChat = true } = (await usedIn(directory, call.config)) ?? {};
  const planned = planFidelity({ ...call, kept, usesChat, random: Math.random });
  if (planned.kind === 'problems') return refuseCall(planned.problems);
  const page = nonBlank(settings.html);
  const unwritable = page === null ? null : await writePage(directory, page, '');
  if (unwritable !== null) return refuse('unwritable_page', [unwritable]);
  const { plan } = planned;
  const secrets = [...new Set([...planned.secrets, ...knownSecrets(settings, call.environment)])];
  call.onSecrets(secrets);
  const { cost, requests, tokens } = await expectedCost(plan);
  const expected = `Up to ${count(requests, 'request')} (${whole(tokens)} tokens), expected ${usd(cost)}, never more than ${usd(plan.meter.leftUsd)}.`;
  const where = usesChat ? [] : ['Asking on /responses: your code does not use chat completions.'];
  for (const note of [...planned.notes, ...where, expected]) call.onNote(note);
  const report = createRedactor(secrets).value(await runFidelity(plan));
  if (file !== null) await writeFile(resolve(directory, file), `${JSON.stringify(report.kept)}\n`);
  if (page !== null) {
    const { fidelityPage } = await import('../report/html/fidelity-report.ts');
    await writePage(directory, page, fidelityPage(report));
  }
  return { kind: 'fidelity', report, page };
}

/**
 * The report goes to stdout, everything else to stderr.
 * @returns exit code: 0 no other model was proved, 1 another model answers, 2 usage or config error
 */
export async function runFidelityCommand(
  settings: FidelitySettings,
  { json, directory }: { readonly json: boolean; readonly directory: string },
  environment: Environment,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const call = await callOnTerminal(settings, directory, environment, terminal.stderr);
  const outcome = call.kind === 'refused' ? call : await performFidelity(call);
  if (outcome.kind === 'refused') return errorsTo(terminal.stderr)(outcome);
  const { report } = outcome;
  terminal.stdout(json ? `${JSON.stringify(report, null, 2)}\n` : fidelityOnTerminal(report, terminal));
  return report.verdict === 'other-model' ? 1 : 0;
}

/** Null where the file is new. It is created at once: one that cannot be written is reported before a request is paid for. */
async function readKept(file: string, shown: string): Promise<KeptFidelity | Refused | null> {
  let text: string;
  try {
    await appendFile(file, '');
    text = await readFile(file, 'utf8');
  } catch (error) {
    const message = `Can't write ${shown}: ${reasonOf(error)}. Choose a file in a directory that exists.`;
    return refuse('malformed_input', [message]);
  }
  if (text === '') return null;
  const read = keptFidelitySchema.safeParse(parseJson(text));
  const expected = 'Expected the file that an earlier run kept. Remove it to begin anew.';
  return read.success ? read.data : refuse('malformed_input', [`${shown} is not usable. ${expected}`]);
}
