/** `gateway-rollout init`: writes the files that start a rollout, from what the repository and its metrics show. */
import { checkoutAt } from '../config/files.ts';
import { baseUrlFlaw } from '../config/hosts.ts';
import { type LoadResult, loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { forecastOf } from '../conversation/forecast.ts';
import { OPENAI_ORIGIN, originOf } from '../gateway/url.ts';
import { checkoutAround } from '../inventory/git.ts';
import { type Inventory, takeInventory, usedSites } from '../inventory/inventory.ts';
import { chooseGateway } from './arms.ts';
import { runCheckCommand } from './check.ts';
import { forecastLines } from './forecast.ts';
import { answer, flagProblems, type InitHost, type InitOptions } from './init/answers.ts';
import { telemetryIn } from './init/metrics.ts';
import { CONFIG_FILE, type InitChoices, planFiles } from './init/plan-files.ts';
import { defaultBranch, existing, writeNewFiles } from './init/repository.ts';
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

const EXAMPLE_GATEWAY = 'https://gateway.example/v1';
const USUAL_MODEL = 'gpt-4o-mini';

const NO_METRICS =
  'Nothing that counts calls was found, so your program writes a record per call, and deploy/fetch-records fetches them: https://github.com/gateway-rollout/gateway-rollout/blob/main/src/measure/README.md';

const NO_TASKS =
  'Nothing was measured yet. If your program counts with these labels only since a few minutes, run gateway-rollout observe later.';

/**
 * @returns exit code: 0 written; 1 a file is there already, or the code does not use the API; 2 usage or config error, or
 * no pull request
 */
export async function runInitCommand(options: InitOptions, outer: InitHost): Promise<0 | 1 | 2> {
  const checkout = checkoutAround(outer.directory);
  const host = { ...outer, directory: checkout ?? outer.directory };
  const { directory, environment, terminal } = host;
  const notice = noticesTo(terminal.stderr);
  const print = (lines: readonly string[]) => terminal.stdout(`${lines.join('\n')}\n`);
  const refuse = (...messages: readonly string[]) => errorsTo(terminal.stderr)({ messages });
  const pulls = options.pr ? await import('./init/pull-request.ts') : null;
  const problems = [...flagProblems(options), ...((await pulls?.whyNoPullRequest(checkout)) ?? [])];
  if (problems.length > 0) return refuse(...problems);

  const inventory = await takeInventory(directory);
  print(useLines(inventory));
  const models = await chooseModels(options, host, inventory);
  if (models.length === 0) {
    refuse('Nothing was written. Run init where the code calls the API, or use --models.');
    return 1;
  }
  const { share, ...telemetry } = await telemetryIn(directory);
  const first: InitChoices = {
    models,
    gateway: await chooseAddress(options, host),
    share,
    ...(await chooseTarget(share, options, host)),
    branch: checkout === null ? 'main' : await defaultBranch(checkout),
    ref: actionRef(),
    measure: { source: 'prometheus' },
    stages: ROADS[0],
  };
  const there = existing(directory, [...OTHER_CONFIGS, ...Object.keys(planFiles(first))]);
  if (there.length > 0 && !options.dryRun) {
    refuse(`Nothing was written. There already: ${there.join(', ')}. --dry-run prints the new files.`);
    return 1;
  }
  const choices = await withMetrics(first, options, { ...host, ...telemetry });
  const loaded = load(choices, host);
  if (!loaded.ok) return refuse(...loaded.problems.map(formatProblem));
  for (const warning of loaded.warnings) notice('warning', formatProblem(warning));
  const files = planFiles(choices);
  const paths = Object.keys(files);
  if (options.dryRun) {
    print(paths.map((path) => `\n# ${path}\n${files[path]}`));
    return 0;
  }
  const unwritten = writeNewFiles(directory, files);
  if (unwritten !== null) return refuse(unwritten);
  print(['', 'Wrote:', ...paths.map((path) => `  ${path}`)]);
  const { endpoint } = chooseGateway({ ...loaded, environment, settings: {}, front: 'command-line' });
  // A key for another address says nothing about this one.
  const isChecked = endpoint?.baseUrl === choices.gateway;
  if (isChecked) await runCheckCommand({}, { directory, json: false }, environment, terminal);
  const opened = await pulls?.openPullRequest(directory, paths, useLines(inventory), choices.gateway);
  if (opened?.problem !== undefined) return refuse(opened.problem);
  print(nextLines(choices, paths, inventory, isChecked, opened?.url ?? null));
  return 0;
}

/** Reads the config as it will be, among the files beside it. */
function load(choices: InitChoices, { directory }: InitHost): LoadResult {
  const files = planFiles(choices);
  const onDisk = checkoutAt(directory);
  return loadConfig(files[CONFIG_FILE] ?? '', CONFIG_FILE, (path) => files[path] ?? onDisk?.(path) ?? null);
}

/** Of the code, or those that somebody names; none where the code does not use the API. */
async function chooseModels(options: InitOptions, host: InitHost, inventory: Inventory): Promise<string[]> {
  // A proxy's config names the provider, too.
  const isTwice = (name: string) =>
    name.includes('/') && inventory.models.includes(name.replace(/^.*\//, ''));
  const found = inventory.models.filter((name) => !/["'`\s]/.test(name) && !isTwice(name)).join(' ');
  const usual = usedSites(inventory).length === 0 ? '' : USUAL_MODEL;
  const note = `The code names no model. Replace ${usual} in the config, or use --models.`;
  const ask = found === '' ? host.ask : null;
  const text = await answer(options, { ...host, ask }, 'models', found || usual, found || !usual ? '' : note);
  return text.split(/[,\s]+/).filter((name) => name !== '');
}

async function chooseAddress(options: InitOptions, host: InitHost): Promise<string> {
  const inUse = host.environment.OPENAI_BASE_URL?.trim() ?? '';
  const isGateway = baseUrlFlaw(inUse) === null && originOf(inUse) !== OPENAI_ORIGIN;
  const [usual, note] = isGateway
    ? [inUse, 'The gateway is that of OPENAI_BASE_URL.']
    : [EXAMPLE_GATEWAY, `Replace ${EXAMPLE_GATEWAY} in the config, or use --gateway.`];
  return answer(options, host, 'gateway', usual, note);
}

/** A file that a workflow deploys needs a GitHub App: commits with the own token of a job start no workflow. */
async function chooseTarget(share: string, options: InitOptions, host: InitHost) {
  const { app = null } = options;
  const target = (await answer(options, host, 'target', 'file')) as InitChoices['target'];
  if (target !== 'file' || app !== null) return { target, app: target === 'variable' || app };
  const note = `The rollout cannot start yet: add deployed_by: pull below ${share} in the config if something pulls that file (--no-app), or run it as a GitHub App (--app).`;
  const pulled = await answer(options, host, 'pulled', host.ask === null ? '' : 'no', note);
  return { target, app: pulled === '' ? null : pulled === 'no' };
}

type Telemetry = Omit<Awaited<ReturnType<typeof telemetryIn>>, 'share'>;

/** The choices with what is measured, and with stages that fit the traffic. */
async function withMetrics(first: InitChoices, options: InitOptions, host: InitHost & Telemetry) {
  const { directory, environment, terminal, notes, isLikely } = host;
  const note = (text: string) => noticesTo(terminal.stderr)('note', text);
  notes.forEach(note);
  const ask = isLikely ? host.ask : null;
  const usual = nonBlank(environment.PROMETHEUS_URL) ?? '';
  const url = await answer(options, { ...host, ask }, 'prometheus', usual);
  const isMeasured = isLikely || url !== '';
  if (!isMeasured) note(NO_METRICS);
  const observe = (settings: ObserveSettings, choices: InitChoices) => {
    const loaded = load(choices, host);
    const sources = { ...environment, PROMETHEUS_URL: url };
    const config = loaded.ok ? loaded.config : null;
    return observeOnTerminal(settings, config, { json: false, directory }, sources, terminal);
  };
  let choices: InitChoices = isMeasured ? first : { ...first, measure: { source: 'jsonl' } };
  let tasks = 0;
  const metrics = url === '' ? null : await observe({ discover: true }, choices);
  if (metrics?.kind === 'discovered') {
    choices = { ...choices, measure: { ...metrics.measure, source: 'prometheus' } };
    const day = await observe({ since: '24h' }, choices);
    const { official, gateway } = day.kind === 'observed' ? day.measurement.arms : {};
    tasks = (official?.tasks ?? 0) + (gateway?.tasks ?? 0);
    if (tasks === 0) note(NO_TASKS);
  }
  return fitted(choices, Number(await answer(options, host, 'tasks', tasks === 0 ? '' : `${tasks}`)), host);
}

/** With the first road that takes two weeks at most, else the shortest; says how long it takes. */
function fitted(choices: InitChoices, tasks: number, host: InitHost): InitChoices {
  const roads = ROADS.flatMap((stages) => {
    const loaded = load({ ...choices, stages }, host);
    // Only records pair copies with their originals: for another source, the config is refused.
    const forecast = loaded.ok && tasks > 0 ? forecastOf(loaded.config, [tasks]) : null;
    return forecast === null ? [] : [{ stages, forecast, days: forecast.totals[0] ?? 0 }];
  });
  const road = roads.find(({ days }) => days <= MOST_DAYS) ?? roads.sort((a, b) => a.days - b.days)[0];
  if (road === undefined) return choices;
  host.terminal.stdout(`\n${forecastLines(road.forecast).join('\n')}\n`);
  return { ...choices, stages: road.stages };
}
