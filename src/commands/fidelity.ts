/** `gateway-rollout fidelity`: does the gateway serve the model that it is asked for? */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expectedCost } from '../check/fidelity/expected-cost.ts';
import { type KeptFidelity, keptFidelitySchema } from '../check/fidelity/report.ts';
import { runFidelity } from '../check/fidelity/run.ts';
import type { Environment } from '../config/environment.ts';
import { parseJson } from '../gateway/json.ts';
import { createRedactor } from '../gateway/redact.ts';
import { fidelityOnTerminal } from '../report/fidelity-terminal.ts';
import { count, usd } from '../wording/amounts.ts';
import { namedInJob } from './named-in-job.ts';
import { type FidelitySettings, planFidelity } from './plan-fidelity.ts';
import { findConfig } from './read-config.ts';
import { type Refused, reasonOf, refuse, refuseCall } from './refusal.ts';
import { knownSecrets, nonBlank } from './settings.ts';
import { errorsTo, noticesTo, type Terminal } from './terminal.ts';

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
  const notice = noticesTo(terminal.stderr);
  const refused = errorsTo(terminal.stderr);
  const read = await findConfig(settings, directory);
  if (read.kind === 'refused') return refused(read);
  const file = nonBlank(settings.keep);
  const kept = file === null ? null : await readKept(resolve(directory, file), file);
  if (kept !== null && 'messages' in kept) return refused(kept);
  const planned = planFidelity({
    settings,
    environment,
    front: 'command-line',
    config: read.config,
    named: await namedInJob(settings, environment, directory, read),
    kept,
    random: Math.random,
  });
  if (planned.kind === 'problems') return refused(refuseCall(planned.problems));
  const { plan, secrets, notes } = planned;
  const { cost, requests } = await expectedCost(plan);
  const expected = `Up to ${count(requests, 'request')}, expected ${usd(cost)}, never more than ${usd(plan.maxCostUsd)}.`;
  for (const note of [...notes, expected]) notice('note', note);
  const redactor = createRedactor([...secrets, ...knownSecrets(settings, environment)]);
  const report = redactor.value(await runFidelity(plan));
  if (file !== null) await writeFile(resolve(directory, file), `${JSON.stringify(report.kept)}\n`);
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
  const expected = 'Expected the file that an earlier run wrote with --keep. Remove it to begin anew.';
  return read.success ? read.data : refuse('malformed_input', [`${shown} is not usable. ${expected}`]);
}
