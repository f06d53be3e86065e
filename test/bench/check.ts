import { resolve } from 'node:path';
import type { CheckReport } from '../../src/check/report.ts';
import { startQuirkyGateway } from '../support/quirky-gateway.ts';
import { runNode } from './process.ts';
import { median, type Row } from './row.ts';

const CLI = resolve(import.meta.dirname, '../../dist/cli.js');
const ACTION = resolve(import.meta.dirname, '../../dist/index.js');
const ROUNDS = 7;
const LATENCY_MS = 300;
/** The longest chain of dependent questions: the model list, then any question that needs the way to be open. */
const CHAIN = 2;

/** How long a check takes, what it spends, and what it costs the machine. */
export async function benchCheck(): Promise<readonly Row[]> {
  const gateway = await startQuirkyGateway({ latencyMs: LATENCY_MS, streamMs: 0 });
  const env = { OPENAI_BASE_URL: gateway.baseUrl, OPENAI_API_KEY: gateway.apiKey };
  try {
    const bare = await repeat(() => runNode(['-e', '0']));
    const startUp = await repeat(() => runNode([CLI, '--version']));
    // It ends when it has read its inputs.
    const action = await repeat(() => runNode([ACTION], { INPUT_COMMAND: 'none such' }));
    const checks = await repeat(() => runNode([CLI, 'check', '--json'], env));
    const failed = checks.find(({ exitCode }) => exitCode !== 0);
    if (failed !== undefined)
      throw new Error(`The check ended with ${failed.exitCode}: ${failed.stdout.slice(0, 500)}`);

    const report: CheckReport = JSON.parse(checks[0]?.stdout ?? '');
    const wall = (runs: typeof bare) => median(runs.map(({ wallMs }) => wallMs));
    const ideal = wall(bare) + CHAIN * LATENCY_MS;
    return [
      { what: 'bare Node start', value: wall(bare), unit: ' ms', limit: null },
      {
        what: 'start-up of the command line ÷ bare Node start',
        value: wall(startUp) / wall(bare),
        unit: '',
        limit: 5,
      },
      {
        what: 'start-up of the Action ÷ bare Node start',
        value: wall(action) / wall(bare),
        unit: '',
        limit: 3.5,
      },
      {
        what: `check of a gateway that answers in ${LATENCY_MS} ms, whole process`,
        value: wall(checks),
        unit: ' ms',
        limit: null,
      },
      {
        what: `… ÷ ideal (bare Node + ${CHAIN} × ${LATENCY_MS} ms)`,
        value: wall(checks) / ideal,
        unit: '',
        limit: 1.5,
      },
      {
        what: 'peak memory',
        value: Math.max(...checks.map(({ peakMb }) => peakMb)),
        unit: ' MB',
        limit: 120,
      },
      { what: 'requests', value: report.usage.requests, unit: '', limit: null },
      { what: 'input tokens', value: report.usage.inputTokens, unit: '', limit: null },
      { what: 'output tokens', value: report.usage.outputTokens, unit: '', limit: null },
      {
        what: 'cost in thousandths of a USD',
        value: (report.usage.costUsd ?? Number.NaN) * 1000,
        unit: '',
        limit: null,
      },
    ];
  } finally {
    await gateway.stop();
  }
}

async function repeat<T>(run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < ROUNDS; round += 1) results.push(await run());
  return results;
}
