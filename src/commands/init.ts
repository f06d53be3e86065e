/** `gateway-rollout init`: writes the files that start a rollout, from what the repository and its metrics show. */
import type { Environment } from '../config/environment.ts';
import { checkoutAt } from '../config/files.ts';
import { baseUrlFlaw } from '../config/hosts.ts';
import { type LoadResult, loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import type { Config } from '../config/schema.ts';
import { forecastOf } from '../conversation/forecast.ts';
import { OPENAI_ORIGIN, originOf } from '../gateway/url.ts';
import { takeInventory, usedSites } from '../inventory/inventory.ts';
import { chooseGateway } from './arms.ts';
import { runCheckCommand } from './check.ts';
import { forecastLines } from './forecast.ts';
import { type Answers, type Ask, answer, flagProblems, type GivenAnswers } from './init/answers.ts';
import { telemetryIn, telemetryNotes } from './init/metrics.ts';
import { CONFIG_FILE, type InitChoices, type InitTarget, planFiles, SHARE_FILE } from './init/plan-files.ts';
import {
  checkoutAround,
  defaultBranch,
  existing,
  openPullRequest,
  whyNoPullRequest,
  writeNewFiles,
} from './init/repository.ts';
import { nextLines, pullRequestBody, useLines } from './init/texts.ts';
import { discoverOnTerminal, observeOnTerminal } from './observe.ts';
import { refuseConfig } from './refusal.ts';
import { nonBlank } from './settings.ts';
import { errorsTo, noticesTo, type Terminal } from './terminal.ts';
import { actionRef } from './version.ts';

export interface InitOptions extends Omit<GivenAnswers, 'pulled'> {
  /** true: act as a GitHub App. false: with the job's own token, where something pulls the file with the share. */
  readonly app?: boolean | undefined;
  /** Print the files, and write nothing. */
  readonly dryRun?: boolean | undefined;
  /** Open a pull request with the files. */
  readonly pr?: boolean | undefined;
}

export interface InitHost {
  readonly directory: string;
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** Null where nobody can answer. */
  readonly ask: Ask | null;
}

/** Larger steps need less traffic for a proof. */
const ROADS = [
  ['local', 'staging', '5%', '25%', '50%', '100%'],
  ['local', 'staging', '25%', '50%', '100%'],
  ['local', 'staging', '50%', '100%'],
] as const satisfies readonly (readonly string[])[];

/** A config may be in these places, too. */
const OTHER_CONFIGS = ['.github/gateway-rollout', '.github/gateway-rollout.yaml'];

const EXAMPLE_GATEWAY = 'https://gateway.example/v1';
const USUAL_MODEL = 'gpt-4o-mini';
const MODEL_NAME = /^[^\s"'`]+$/;

/**
 * @returns exit code: 0 written; 1 a file is there already, or the code does not use the API; 2 usage or config error, or
 * no pull request
 */
export async function runInitCommand(options: InitOptions, host: InitHost): Promise<0 | 1 | 2> {
  const { terminal, ask } = host;
  const notice = noticesTo(terminal.stderr);
  const print = (lines: readonly string[]) => terminal.stdout(`${lines.join('\n')}\n`);
  const checkout = checkoutAround(host.directory);
  const root = checkout ?? host.directory;
  const given = { ...options, pulled: options.app === undefined ? undefined : options.app ? 'no' : 'yes' };
  const problems = [...flagProblems(given), ...(options.pr ? await whyNoPullRequest(checkout) : [])];
  if (problems.length > 0) return errorsTo(terminal.stderr)({ messages: problems });

  const inventory = await takeInventory(root);
  print(useLines(inventory));
  const answers: Answers = { given, ask, onNote: (note) => notice('note', note) };
  const models = await chooseModels(answers, inventory.models, usedSites(inventory).length > 0);
  if (models.length === 0) {
    notice('error', 'Nothing was written. Run init where the code calls the API, or use --models.');
    return 1;
  }
  const first: InitChoices = {
    models,
    gateway: await chooseAddress(answers, host.environment),
    ...(await chooseTarget(answers)),
    branch: checkout === null ? 'main' : await defaultBranch(root),
    ref: actionRef(),
    measure: { source: 'prometheus' },
    stages: ROADS[0],
  };
  const trial = load(first, root);
  if (!trial.ok) return errorsTo(terminal.stderr)(refuseConfig(trial.problems));
  const there = existing(root, [...OTHER_CONFIGS, ...Object.keys(planFiles(first))]);
  if (there.length > 0 && !options.dryRun) {
    notice(
      'error',
      `Nothing was written. There already: ${there.join(', ')}. See what init would write with --dry-run.`,
    );
    return 1;
  }
  const planned = await withMetrics(first, trial.config, answers, { ...host, root });
  const files = planFiles(planned);
  const loaded = load(planned, root);
  if (!loaded.ok) return errorsTo(terminal.stderr)(refuseConfig(loaded.problems));
  for (const warning of loaded.warnings) notice('warning', formatProblem(warning));
  if (options.dryRun) {
    print(Object.entries(files).map(([path, text]) => `\n# ${path}\n${text}`));
    return 0;
  }
  const unwritten = writeNewFiles(root, files);
  if (unwritten !== null) return errorsTo(terminal.stderr)({ messages: [unwritten] });
  const paths = Object.keys(files);
  print(['', 'Wrote:', ...paths.map((path) => `  ${path}`)]);
  await checkIfKeyIsAtHand(loaded.config, root, host);
  const body = pullRequestBody(inventory, paths, planned);
  const pull = options.pr ? await openPullRequest(root, paths, body) : null;
  print(nextLines(paths, pull));
  return 0;
}

/** Reads the config as it will be, among the files beside it. */
function load(choices: InitChoices, root: string): LoadResult {
  const files = planFiles(choices);
  const onDisk = checkoutAt(root);
  return loadConfig(files[CONFIG_FILE] ?? '', CONFIG_FILE, (path) => files[path] ?? onDisk?.(path) ?? null);
}

/** @param found in the code @param isUsed whether the code uses the API at all */
async function chooseModels(
  answers: Answers,
  found: readonly string[],
  isUsed: boolean,
): Promise<readonly string[]> {
  const named = found.filter((name) => MODEL_NAME.test(name)).join(',');
  const isKnown = named !== '' || !isUsed;
  const note = `The code names no model. Replace ${USUAL_MODEL} in the config, or use --models.`;
  // Nobody needs to repeat what the code says.
  const asked = { ...answers, ask: named === '' ? answers.ask : null };
  const text = await answer(asked, 'models', isKnown ? named : USUAL_MODEL, isKnown ? '' : note);
  return text.split(/[,\s]+/).filter((name) => name !== '');
}

async function chooseAddress(answers: Answers, { OPENAI_BASE_URL }: Environment): Promise<string> {
  const inUse = nonBlank(OPENAI_BASE_URL);
  const isOther = inUse !== null && baseUrlFlaw(inUse.trim()) === null && originOf(inUse) !== OPENAI_ORIGIN;
  if (isOther) return answer(answers, 'gateway', inUse.trim(), 'The gateway is that of OPENAI_BASE_URL.');
  return answer(answers, 'gateway', EXAMPLE_GATEWAY, `Replace ${EXAMPLE_GATEWAY}, or use --gateway.`);
}

/** A file that a workflow deploys needs a GitHub App: commits with the own token of a job start no workflow. */
async function chooseTarget(answers: Answers): Promise<Pick<InitChoices, 'target' | 'app'>> {
  const target = (await answer(answers, 'target', 'file')) as InitTarget;
  if (target !== 'file') return { target, app: target === 'variable' || answers.given.pulled === 'no' };
  const note = `The rollout cannot start yet: add deployed_by: pull below ${SHARE_FILE} in the config if something pulls that file (--no-app), or run it as a GitHub App (--app).`;
  const pulled = await answer(answers, 'pulled', answers.ask === null ? '' : 'no', note);
  return { target, app: pulled === '' ? null : pulled === 'no' };
}

/** The choices with what is measured, and with stages that fit the traffic. */
async function withMetrics(
  first: InitChoices,
  config: Config,
  answers: Answers,
  { root, environment, terminal }: InitHost & { readonly root: string },
): Promise<InitChoices> {
  const found = await telemetryIn(root);
  for (const note of telemetryNotes(found)) answers.onNote(note);
  const isLikely = found.has('OpenTelemetry') || found.has('Prometheus');
  const asked = { ...answers, ask: isLikely ? answers.ask : null };
  const url = await answer(asked, 'prometheus', nonBlank(environment.PROMETHEUS_URL) ?? '');
  if (url === '' && !isLikely) return { ...first, measure: null };
  const sources = { ...environment, PROMETHEUS_URL: url };
  const metrics = url === '' ? null : await discoverOnTerminal(config, sources, terminal);
  const choices = metrics?.kind === 'discovered' ? { ...first, measure: metrics.measure } : first;
  const tasks = choices === first ? '' : await tasksOfLastDay(choices, root, sources, terminal);
  const perDay = Number(await answer(answers, 'tasks', tasks));
  return perDay === 0 ? choices : fitted(choices, perDay, root, terminal);
}

/** Measures the last day, and shows it. @returns the number of tasks on both arms; empty where it is unknown */
async function tasksOfLastDay(
  choices: InitChoices,
  directory: string,
  sources: Environment,
  terminal: Terminal,
): Promise<string> {
  const loaded = load(choices, directory);
  const config = loaded.ok ? loaded.config : null;
  const call = { json: false, directory };
  const outcome = await observeOnTerminal({ since: '24h' }, config, call, sources, terminal);
  if (outcome.kind !== 'observed') return '';
  const { official, gateway } = outcome.measurement.arms;
  return `${(official?.tasks ?? 0) + (gateway?.tasks ?? 0) || ''}`;
}

/** With the first road on which no stage takes too long, else the last one; says how long it takes. */
function fitted(choices: InitChoices, perDay: number, root: string, terminal: Terminal): InitChoices {
  const roads = ROADS.map((stages) => {
    const loaded = load({ ...choices, stages }, root);
    return { stages, forecast: loaded.ok ? forecastOf(loaded.config, [perDay]) : null };
  });
  const fitting = roads.find(({ forecast }) => forecast?.isTooLong === false) ?? roads.at(-1);
  terminal.stdout(`\n${forecastLines(fitting?.forecast ?? null).join('\n')}\n`);
  return { ...choices, stages: fitting?.stages ?? choices.stages };
}

/** The check, if there is a key for this gateway. It never fails `init`. */
async function checkIfKeyIsAtHand(
  config: Config,
  directory: string,
  { environment, terminal }: InitHost,
): Promise<void> {
  const { endpoint } = chooseGateway({ settings: {}, environment, front: 'command-line', config });
  if (endpoint?.baseUrl !== config.gateway.base_url) return;
  await runCheckCommand({}, { json: false, directory }, environment, terminal);
}
