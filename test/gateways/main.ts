/**
 * Runs the check and `exec` against real gateways, and compares what they say with what is expected of each. A
 * difference is an error; a gateway that is not installed, or a situation that needs more, is skipped with a line.
 * @example npm run gateways                     all; writes the table of src/check/README.md where none is skipped
 * @example npm run gateways -- litellm portkey  these
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { CheckReport } from '../../src/check/report.ts';
import type { ExecReport } from '../../src/measure/recorder/exec-report.ts';
import { startUpstream } from '../demo/upstream.ts';
import { realTool } from '../support/real-tools.ts';
import {
  CHAT,
  EMBEDDER,
  GATEWAYS,
  type Gateway,
  type Served,
  type Situation,
  UPSTREAM_KEY,
} from './gateways.ts';

const root = path.resolve(import.meta.dirname, '../..');
const FEATURES = ['streaming', 'tools', 'structured_outputs', 'embeddings', 'responses'];

/** How long a response takes depends on how busy this machine is, and a warning about it says nothing of the gateway. */
const TIMED: ReadonlySet<string> = new Set(['client.retries', 'client.timeout', 'stream.incremental']);

interface Row {
  readonly gateway: Gateway;
  readonly situation: Situation;
  /** null: it was skipped. */
  readonly version: string | null;
  readonly differences: readonly string[];
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function versionOf({ tool, distribution }: Gateway, folder: string): Promise<string> {
  if (tool === null) {
    const file = createRequire(import.meta.url).resolve(`${distribution}/package.json`);
    return JSON.parse(await readFile(file, 'utf8')).version;
  }
  const code = `import importlib.metadata as m; print(m.version(${JSON.stringify(distribution)}))`;
  const { stdout } = await promisify(execFile)(path.join(folder, 'bin/python'), ['-c', code]);
  return stdout.trim();
}

/** Runs the command line from its sources, as a user would. */
async function run<T>(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<T> {
  const { PATH = '', HOME = '' } = process.env;
  const child = promisify(execFile)(process.execPath, [path.join(root, 'src/cli.ts'), ...args], {
    cwd,
    env: { PATH, HOME, NO_COLOR: '1', ...env },
    maxBuffer: 16 * 1024 * 1024,
  });
  const { stdout, stderr } = await child.catch((error) => error);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${args[0]} printed no report: ${stdout}${stderr}`);
  }
}

async function tryOut(
  situation: Situation,
  { tool, work }: { tool: string; work: string },
): Promise<string[]> {
  // Slow streams, so that a busy machine does not look like a gateway that holds them back.
  const upstream = await startUpstream({ apiKeys: [UPSTREAM_KEY], piecesPerSecond: 20 });
  let served: Served | undefined;
  try {
    served = await situation.start({ tool, work, upstreamBaseUrl: upstream.baseUrl });
    const { models = {} } = situation;
    const names = { [CHAT]: CHAT, [EMBEDDER]: EMBEDDER, ...models };
    const { baseUrl, headers = {}, apiKey = 'sk-none-0123456789abcdef', keys } = served;
    const file = path.join(work, 'gateway-rollout.yml');
    await writeFile(
      file,
      stringify({ gateway: { base_url: baseUrl, headers }, models: names, check: { features: FEATURES } }),
    );
    const env = {
      GATEWAY_API_KEY: apiKey,
      ...(keys && { GATEWAY_DISABLED_KEY: keys.disabled, GATEWAY_EMPTY_KEY: keys.empty }),
    };
    const report = await run<CheckReport>(['check', '--json', '--config', file], { cwd: work, env });
    const program = [
      process.execPath,
      path.join(import.meta.dirname, 'program.ts'),
      names[CHAT] ?? CHAT,
      names[EMBEDDER] ?? EMBEDDER,
    ];
    const counted = await run<ExecReport>(['exec', '--json', '--config', file, '--', ...program], {
      cwd: work,
      env,
    });
    return [...compare(report, situation), ...compareExec(counted, situation)];
  } finally {
    await served?.stop();
    await upstream.stop();
  }
}

function compare(
  report: CheckReport,
  { findings, reasonCode, profile, requestIdHeader }: Situation,
): string[] {
  const differences: string[] = [];
  const expect = (what: string, found: unknown, expected: unknown) => {
    if (found !== expected) differences.push(`${what}: ${found}, expected ${expected}`);
  };
  expect('reasonCode', report.reasonCode, reasonCode);
  expect('profile', report.gateway.profile, profile);
  expect('requestIdHeader', report.gateway.requestIdHeader, requestIdHeader);
  for (const { id, status, summary, fix } of report.probes) {
    const [expected, words] = findings[id] ?? ['pass', /^/];
    if (status === 'skip' && findings[id] === undefined) continue;
    if (status === 'warn' && TIMED.has(id)) continue;
    const text = `${summary} ${fix ?? ''}`;
    if (status !== expected || !words.test(text))
      differences.push(`${id}: ${status}, ${text} (expected ${expected}, ${words})`);
  }
  return differences;
}

function compareExec({ arms }: ExecReport, { exec = [3, 0] }: Situation): string[] {
  const counts = arms[0]?.counts;
  const found = [counts?.tasks, counts?.failedTasks];
  return found.join() === exec.join() ? [] : [`exec: ${found.join(' tasks, failed ')} (expected ${exec})`];
}

/** Tries all situations of a gateway. @returns a row of the table for each */
async function tryGateway(gateway: Gateway, base: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, situation] of gateway.situations.entries()) {
    const name = situation.tool ?? gateway.tool;
    const tool = name === null ? '' : realTool(name);
    const missing = tool === null ? `${name} is not installed` : (situation.missing ?? null);
    if (tool === null || missing !== null) {
      say(`SKIPPED ${gateway.title}, ${situation.name}: ${missing}`);
      rows.push({ gateway, situation, version: null, differences: [] });
      continue;
    }
    // Two folders deep: LiteLLM loads modules from the folder above the one above.
    const work = path.join(base, `${gateway.title}-${index}`, 'work');
    await mkdir(work, { recursive: true });
    const version = await versionOf(gateway, tool);
    const differences = await tryOut(situation, { tool, work });
    say(
      `${differences.length === 0 ? 'as expected' : 'DIFFERENT'}  ${gateway.title} ${version}, ${situation.name}`,
    );
    for (const each of differences) say(`  ${each}`);
    rows.push({ gateway, situation, version, differences });
  }
  return rows;
}

/** The table of src/check/README.md. */
function table(rows: readonly Row[]): string {
  const lines = rows.map(({ gateway, version, situation: { name, reasonCode, peculiar } }) => {
    const isReady = ['all_passed', 'passed_with_warnings'].includes(reasonCode);
    const verdict = version === null ? 'not run' : isReady ? 'ready' : `not-ready, \`${reasonCode}\``;
    return `| ${gateway.title} | ${version ?? ''} | ${name} | ${verdict} | ${peculiar} |`;
  });
  return [
    '| gateway | version | situation | verdict | what is peculiar |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

const chosen = process.argv.slice(2);
const base = await mkdtemp(path.join(tmpdir(), 'gateway-rollout-gateways-'));
const rows: Row[] = [];
for (const gateway of GATEWAYS) {
  if (chosen.length === 0 || chosen.includes(gateway.tool ?? 'portkey'))
    rows.push(...(await tryGateway(gateway, base)));
}
await rm(base, { recursive: true });
if (GATEWAYS.every((gateway) => rows.some((row) => row.gateway === gateway && row.version !== null))) {
  const file = path.join(root, 'src/check/README.md');
  const text = await readFile(file, 'utf8');
  const [begin, end] = ['<!-- npm run gateways -->\n', '<!-- /npm run gateways -->'];
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  await writeFile(file, `${text.slice(0, from)}${table(rows)}\n${text.slice(to)}`);
}
const different = rows.filter(({ differences }) => differences.length > 0).length;
const skipped = rows.filter(({ version }) => version === null).length;
say(`${rows.length - different - skipped} as expected, ${different} different, ${skipped} skipped`);
process.exitCode = different > 0 ? 1 : 0;
