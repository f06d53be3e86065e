/** Runs the Action's bundle as a runner of GitHub does. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckReport } from '../../src/check/report.ts';
import { builtBundle, runNode } from './bundle.ts';

export interface ActionScenario {
  /** Directory of the repository's files. */
  readonly workspace: string;
  /** By the names of action.yml. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Variables of the job, e.g. `GATEWAY_API_KEY`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default `push`. */
  readonly eventName?: string;
  /** What GITHUB_EVENT_PATH holds; a string is written as it stands. */
  readonly payload?: object | string;
  readonly actor?: string;
  readonly sha?: string;
}

export interface ActionRun {
  readonly exitCode: number | null;
  /** What the job's log shows: all but the commands that mask. */
  readonly log: string;
  /** What the runner was told to mask, in order. */
  readonly masked: readonly string[];
  /** Workflow commands that show something, e.g. `::error file=…::…`. */
  readonly annotations: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The file that the output `report` names. */
  readonly report: CheckReport | null;
  /** The text of that file, and of the one that the output `html` names; `''` where there is none. */
  readonly reportText: string;
  readonly page: string;
  /** Everything that a person or a later step could read, for searching it for secrets. */
  readonly everything: string;
}

/** Run the Action once. Its temporary files are removed. */
export async function runAction(scenario: ActionScenario): Promise<ActionRun> {
  const dist = builtBundle();
  const home = mkdtempSync(path.join(tmpdir(), 'gateway-rollout-runner-'));
  try {
    const { environment, outputFile, summaryFile } = prepareRunner(home, scenario);
    const ended = await runNode(path.join(dist, 'index.js'), [], { cwd: scenario.workspace, environment });
    const lines = ended.stdout.split('\n');
    const isMask = (line: string): boolean => line.startsWith('::add-mask::');
    const log = lines.filter((line) => !isMask(line)).join('\n') + ended.stderr;
    const outputs = readOutputs(readFileSync(outputFile, 'utf8'));
    const summary = readFileSync(summaryFile, 'utf8');
    const textOf = (name: string): string => {
      const file = outputs[name];
      return file ? readFileSync(path.resolve(scenario.workspace, file), 'utf8') : '';
    };
    const [stored, page] = [textOf('report'), textOf('html')];
    const isJson = outputs.report?.endsWith('.json') ?? false;
    return {
      exitCode: ended.exitCode,
      log,
      masked: lines.filter(isMask).map((line) => unescapeCommand(line.slice('::add-mask::'.length))),
      annotations: lines.filter((line) => /^::(error|warning|notice)/.test(line)),
      outputs,
      summary,
      report: isJson ? JSON.parse(stored) : null,
      reportText: stored,
      page,
      everything: [log, JSON.stringify(outputs), summary, stored, page].join('\n'),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function prepareRunner(home: string, scenario: ActionScenario) {
  const { workspace, inputs = {}, eventName = 'push', payload = {}, actor = 'dev', sha = '' } = scenario;
  const files = ['output', 'summary', 'event.json'].map((name) => path.join(home, name));
  const [outputFile = '', summaryFile = '', eventFile = ''] = files;
  const temporary = path.join(home, 'temp');
  mkdirSync(temporary);
  writeFileSync(outputFile, '');
  writeFileSync(summaryFile, '');
  writeFileSync(eventFile, typeof payload === 'string' ? payload : JSON.stringify(payload));
  // GitHub upper-cases a name and puts underscores for spaces alone, so that dashes stay.
  const inputVariables = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const environment: Record<string, string> = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: actor,
    GITHUB_EVENT_NAME: eventName,
    GITHUB_EVENT_PATH: eventFile,
    GITHUB_OUTPUT: outputFile,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SHA: sha,
    GITHUB_STEP_SUMMARY: summaryFile,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
    ...Object.fromEntries(inputVariables),
    ...scenario.environment,
  };
  return { environment, outputFile, summaryFile };
}

/** Workflow commands write line breaks and percent signs as in a URL. */
function unescapeCommand(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/** The file's format is `name<<delimiter`, the value's lines, `delimiter`. */
function readOutputs(text: string): Record<string, string> {
  const entries = text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n?\2$/gm);
  return Object.fromEntries([...entries].map(([, name, , value]) => [name, value]));
}
