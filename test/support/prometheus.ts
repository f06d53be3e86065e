/** A real Prometheus with its own configuration and data, on a free port of the loopback interface. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of the system, not of a package. */
const PROGRAMS = { server: 'prometheus', tool: 'promtool' };

/** Looked for once: each of them takes a moment to start. */
const MISSING = Object.values(PROGRAMS).filter((program) => spawnSync(program, ['--version']).error);

/** Whether Prometheus and its tool are installed; says so loudly where they are not. */
export function prometheusIsInstalled(): boolean {
  if (MISSING.length === 0) return true;
  process.stderr.write(
    `\n!!! SKIPPED: the tests against a real Prometheus did not run: ${MISSING.join(' and ')} not found.\n` +
      '!!! Install it: apt-get install prometheus\n\n',
  );
  return false;
}

/** What promtool says about a file of rules; it throws if they are wrong. */
export function checkRules(file: string): string {
  return execFileSync(PROGRAMS.tool, ['check', 'rules', file], { encoding: 'utf8' });
}

export interface PrometheusOptions {
  readonly port: number;
  /** `host:port` of what it scrapes, five times a second. */
  readonly targets?: readonly string[];
  /** All of its `prometheus.yml`, in place of one that scrapes the targets. */
  readonly config?: string;
  /** What it remembers from before it was started: OpenMetrics with timestamps. */
  readonly history?: string;
}

export interface RunningPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPrometheus(options: PrometheusOptions): Promise<RunningPrometheus> {
  const directory = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
  const data = path.join(directory, 'data');
  if (options.history !== undefined) {
    const history = path.join(directory, 'history.om');
    writeFileSync(history, options.history);
    execFileSync(PROGRAMS.tool, ['tsdb', 'create-blocks-from', 'openmetrics', history, data], {
      stdio: 'pipe',
    });
  }
  const config = path.join(directory, 'prometheus.yml');
  writeFileSync(config, options.config ?? configFor(options.targets ?? []));
  const child = spawn(
    PROGRAMS.server,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${options.port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const url = `http://127.0.0.1:${options.port}`;
  await ready(child, url);
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function configFor(targets: readonly string[]): string {
  const jobs =
    targets.length === 0
      ? []
      : [{ job_name: 'test', scrape_interval: '200ms', static_configs: [{ targets }] }];
  // JSON is YAML.
  return JSON.stringify({ global: { scrape_interval: '1s', scrape_timeout: '200ms' }, scrape_configs: jobs });
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  let words = '';
  child.stderr?.on('data', (part) => {
    words += part;
  });
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended at once: ${words}`);
    const response = await fetch(`${url}/-/ready`).catch(() => null);
    if (response?.ok) return;
    await sleep(50);
  }
  throw new Error(`Prometheus was not ready in time: ${words}`);
}
