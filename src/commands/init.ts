/** `gateway-rollout init`: writes the files that start a rollout, from what the repository and its metrics show. */
import { checkoutAt } from '../config/files.ts';
import { baseUrlFlaw } from '../config/hosts.ts';
import { type LoadResult, loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import type { Config } from '../config/schema.ts';
import { forecastOf } from '../conversation/forecast.ts';
import { OPENAI_ORIGIN, originOf } from '../gateway/url.ts';
import { type Inventory, takeInventory, usedSites } from '../inventory/inventory.ts';
import { chooseGateway } from './arms.ts';
import { runCheckCommand } from './check.ts';
import { forecastLines } from './forecast.ts';
import { type Answers, answer, flagProblems, type InitHost, type InitOptions } from './init/answers.ts';
import { telemetryIn } from './init/metrics.ts';
import { CONFIG_FILE, type InitChoices, planFiles, SHARE_FILE } from './init/plan-files.ts';
import { checkoutAround, defaultBranch, existing, writeNewFiles } from './init/repository.ts';
import { nextLines, useLines } from './init/texts.ts';
import type { ObserveSettings } from './observe/plan.ts';
import { observeOnTerminal } from './observe.ts';
import { nonBlank } from './settings.ts';
import { errorsTo, noticesTo } from './terminal.ts';
import { actionRef } from './version.ts';

/** By preference: the last ones need less traffic for a proof. No user sees what copies get. */
const ROADS = [
  ['local', 'staging', '5%', '25%', '50%', '100%'],
  ['local', 'staging', 'shadow: 100%', '25%', '100%'],
  ['local', 'staging', '25%', '50%', '100%'],
] as const satisfies readonly (readonly string[])[];
const MOST_DAYS = 14;

/** A config may be in these places, too. */
const OTHER_CONFIGS = ['.github/gateway-rollout', '.github/gateway-rollout.yaml'];

const USUAL_MODEL = 'gpt-4o-mini';

const NO_METRICS =
  'Nothing that counts calls was found, so your program writes a record per call, and deploy/fetch-records fetches them: https://github.com/gateway-rollout/gateway-rollout/blob/v0/src/measure/README.md';

/**
 * @returns exit code: 0 written; 1 a file is there already, or the code does not use the API; 2 usage or config error, or
 * no pull request
 */
export async function runInitCommand(options: InitOptions, host: InitHost): Promise<0 | 1 | 2> {
  const { stdout, stderr } = host.terminal;
  const notice = noticesTo(stderr);
  const print = (lines: readonly string[]) => stdout(`${lines.join('\n')}\n`);
  const refuse = (messages: readonly string[]) => errorsTo(stderr)({ messages });
  const checkout = checkoutAround(host.directory);
  const here = { ...host, directory: checkout ?? host.directory };
  const pulls = options.pr ? await import('./init/pull-request.ts') : null;
  const problems = [...flagProblems(options), ...((await pulls?.whyNoPullRequest(checkout)) ?? [])];
  if (problems.length > 0) return refuse(problems);

  const inventory = await takeInventory(here.directory);
  print(useLines(inventory));
  const answers: Answers = { options, ask: host.ask, onNote: (note) => notice('note', note) };
  const models = await chooseModels(answers, inventory);
  if (models.length === 0) {
    refuse(['Nothing was written. Run init where the code calls the API, or use --models.']);
    return 1;
  }
  const first: InitChoices = {
    models,
    gateway: await chooseAddress(answers, here),
    ...(await chooseTarget(answers)),
    branch: checkout === null ? 'main' : await defaultBranch(checkout),
    ref: actionRef(),
    measure: { source: 'prometheus' },
    stages: ROADS[0],
  };
  const trial = load(first, here);
  if (!trial.ok) return refuse(trial.problems.map(formatProblem));
  const there = existing(here.directory, [...OTHER_CONFIGS, ...Object.keys(planFiles(first))]);
  if (there.length > 0 && !options.dryRun) {
    refuse([`Nothing was written. There already: ${there.join(', ')}. --dry-run prints the new files.`]);
    return 1;
  }
  const choices = await withMetrics(first, trial.config, answers, here);
  const loaded = load(choices, here);
  if (!loaded.ok) return refuse(loaded.problems.map(formatProblem));
  for (const warning of loaded.warnings) notice('warning', formatProblem(warning));
  const files = planFiles(choices);
  if (options.dryRun) {
    print(Object.entries(files).map(([path, text]) => `\n# ${path}\n${text}`));
    return 0;
  }
  const unwritten = writeNewFiles(here.directory, files);
  if (unwritten !== null) return refuse([unwritten]);
  const paths = Object.keys(files);
  print(['', 'Wrote:', ...paths.map((path) => `  ${path}`)]);
  const { config } = loaded;
  const { endpoint } = chooseGateway({ ...host, settings: {}, front: 'command-line', config });
  // A key for another address says nothing about this one.
  if (endpoint?.baseUrl === choices.gateway) {
    await runCheckCommand({}, { ...here, json: false }, host.environment, host.terminal);
  }
  const opened = await pulls?.openPullRequest(here.directory, paths, useLines(inventory), choices.gateway);
  if (opened?.problem !== undefined) return refuse([opened.problem]);
  print(nextLines(paths, opened?.url ?? null));
  return 0;
}

/** Reads the config as it will be, among the files beside it. */
function load(choices: InitChoices, { directory }: InitHost): LoadResult {
  const files = planFiles(choices);
  const onDisk = checkoutAt(directory);
  return loadConfig(files[CONFIG_FILE] ?? '', CONFIG_FILE, (path) => files[path] ?? onDisk?.(path) ?? null);
}

/** Of the code, or those that somebody names; none where the code does not use the API. */
async function chooseModels(answers: Answers, inventory: Inventory): Promise<readonly string[]> {
  const found = inventory.models.filter((name) => !/["'`\s]/.test(name));
  const usual = usedSites(inventory).length === 0 ? '' : USUAL_MODEL;
  const note = `The code names no model. Replace ${usual} in the config, or use --models.`;
  const asked = found.length === 0 ? answers : { ...answers, ask: null };
  const isGuess = found.length === 0 && usual !== '';
  const text = await answer(asked, 'models', found.join(' ') || usual, isGuess ? note : '');
  return text.split(/[,\s]+/).filter((name) => name !== '');
}

async function chooseAddress(answers: Answers, { environment }: InitHost): Promise<string> {
  const inUse = environment.OPENAI_BASE_URL?.trim() ?? '';
  const isGateway = baseUrlFlaw(inUse) === null && originOf(inUse) !== OPENAI_ORIGIN;
  if (isGateway) return answer(answers, 'gateway', inUse, 'The gateway is that of OPENAI_BASE_URL.');
  const example = 'https://gateway.example/v1';
  return answer(answers, 'gateway', example, `Replace ${example} in the config, or use --gateway.`);
}

/** A file that a workflow deploys needs a GitHub App: commits with the own token of a job start no workflow. */
async function chooseTarget(answers: Answers): Promise<Pick<InitChoices, 'target' | 'app'>> {
  const { app = null } = answers.options;
  const target = (await answer(answers, 'target', 'file')) as InitChoices['target'];
  if (target !== 'file' || app !== null) return { target, app: target === 'variable' || app };
  const note = `The rollout cannot start yet: add deployed_by: pull below ${SHARE_FILE} in the config if something pulls that file (--no-app), or run it as a GitHub App (--app).`;
  const pulled = await answer(answers, 'pulled', answers.ask === null ? '' : 'no', note);
  return { target, app: pulled === '' ? null : pulled === 'no' };
}

/** The choices with what is measured, and with stages that fit the traffic. */
async function withMetrics(
  first: InitChoices,
  config: Config,
  answers: Answers,
  host: InitHost,
): Promise<InitChoices> {
  const { directory, environment, terminal } = host;
  const { notes, isLikely } = await telemetryIn(directory);
  notes.forEach(answers.onNote);
  const asked = isLikely ? answers : { ...answers, ask: null };
  const url = await answer(asked, 'prometheus', nonBlank(environment.PROMETHEUS_URL) ?? '');
  if (url === '' && !isLikely) {
    answers.onNote(NO_METRICS);
    return fitted({ ...first, measure: { source: 'jsonl' } }, await answer(answers, 'tasks', ''), host);
  }
  const call = { json: false, directory };
  const sources = { ...environment, PROMETHEUS_URL: url };
  const observe = (settings: ObserveSettings, from: Config) =>
    observeOnTerminal(settings, from, call, sources, terminal);
  const metrics = url === '' ? null : await observe({ discover: true }, config);
  if (metrics?.kind !== 'discovered') return fitted(first, await answer(answers, 'tasks', ''), host);
  const choices = { ...first, measure: { ...metrics.measure, source: 'prometheus' } } as const;
  const loaded = load(choices, host);
  const day = loaded.ok ? await observe({ since: '24h' }, loaded.config) : null;
  const { official, gateway } = day?.kind === 'observed' ? day.measurement.arms : {};
  const tasks = (official?.tasks ?? 0) + (gateway?.tasks ?? 0);
  return fitted(choices, await answer(answers, 'tasks', tasks === 0 ? '' : `${tasks}`), host);
}

/** With the first road that takes two weeks at most, else the shortest; says how long it takes. */
function fitted(choices: InitChoices, tasks: string, host: InitHost): InitChoices {
  if (Number(tasks) === 0) return choices;
  const roads = ROADS.flatMap((stages) => {
    const loaded = load({ ...choices, stages }, host);
    const forecast = loaded.ok ? forecastOf(loaded.config, [Number(tasks)]) : null;
    // Only records pair copies with their originals: for another source, the config is refused.
    return forecast === null ? [] : [{ stages, forecast, days: forecast.totals[0] ?? 0 }];
  });
  const road = roads.find(({ days }) => days <= MOST_DAYS) ?? roads.sort((a, b) => a.days - b.days)[0];
  host.terminal.stdout(`\n${forecastLines(road?.forecast ?? null).join('\n')}\n`);
  return { ...choices, stages: road?.stages ?? choices.stages };
}
