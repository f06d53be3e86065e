/** Runs `gateway-rollout exec` in this process, with streams and signals of its own. */
import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ExecSettings } from '../../../src/commands/exec/plan.ts';
import { runExecCommand } from '../../../src/commands/exec.ts';
import type { ExecReport } from '../../../src/measure/recorder/exec-report.ts';
import { bareEnvironment } from '../../support/bundle.ts';

const SDK_PROGRAM = fileURLToPath(new URL('./sdk-program.ts', import.meta.url));

/** The program under test that uses the official client. */
export const sdkProgram = (...args: readonly string[]): string[] => [process.execPath, SDK_PROGRAM, ...args];

/** A program under test in one line. */
export const script = (code: string): string[] => [process.execPath, '-e', code];

/** One question by curl for each kind; it repeats them after a failure. */
export function curl(retries: number, ...kinds: readonly ('whole' | 'streamed')[]): string[] {
  const asks = kinds.map((kind) => {
    const how = kind === 'streamed' ? ',"stream":true,"stream_options":{"include_usage":true}' : '';
    return `curl -sN --retry ${retries} --retry-delay 1 --retry-all-errors -H "Authorization: Bearer $OPENAI_API_KEY" \
      -H 'Content-Type: application/json' \
      -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Reply with the single word: pong"}]${how}}' \
      "$OPENAI_BASE_URL/chat/completions"`;
  });
  return ['sh', '-c', asks.join(' && ')];
}

export interface ExecRun {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ExecScenario {
  readonly settings: ExecSettings;
  readonly environment: Readonly<Record<string, string>>;
  readonly json?: boolean;
  readonly directory?: string;
  readonly signals?: EventEmitter;
  readonly onStderr?: (text: string) => void;
}

export async function runExec(scenario: ExecScenario): Promise<ExecRun> {
  const { settings, environment, json = false, directory = import.meta.dirname } = scenario;
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const stream = (name: keyof typeof written) =>
    new Writable({
      write(bytes: Buffer, _, done) {
        written[name].push(bytes);
        if (name === 'stderr') scenario.onStderr?.(bytes.toString());
        done();
      },
    });
  const exitCode = await runExecCommand(
    settings,
    { json, directory },
    { ...bareEnvironment(), ...environment },
    {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      color: false,
      columns: 100,
      signals: scenario.signals ?? new EventEmitter(),
      atTerminal: false,
    },
  );
  return {
    exitCode,
    stdout: Buffer.concat(written.stdout),
    stderr: Buffer.concat(written.stderr).toString(),
  };
}

/** The report of a run with `--json`. */
export async function reportOf(scenario: ExecScenario): Promise<ExecReport> {
  const { stdout } = await runExec({ ...scenario, json: true });
  return JSON.parse(stdout.toString());
}
