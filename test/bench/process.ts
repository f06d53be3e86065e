import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Run {
  readonly wallMs: number;
  /** Peak resident memory of the process. */
  readonly peakMb: number;
  readonly exitCode: number | null;
  readonly stdout: string;
}

/**
 * Writes the peak memory where the parent finds it, as the process ends. Linux counts the parent's own peak into
 * `maxRSS`, since a child begins as its copy; `VmHWM` begins with the program.
 */
const REPORT_PEAK = `data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync, writeFileSync } from 'node:fs';
  const status = '/proc/self/status';
  process.on('exit', () => {
    const own = existsSync(status) ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
    writeFileSync(process.env.BENCH_PEAK_FILE, own ?? String(process.resourceUsage().maxRSS));
  });
`)}`;

/** Runs this Node with the arguments in an empty folder, and measures it from spawn to exit. */
export async function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const peakFile = join(folder, 'peak');
  try {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--import', REPORT_PEAK, ...args], {
      cwd: folder,
      env: { ...env, BENCH_PEAK_FILE: peakFile },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const wallMs = performance.now() - startedAt;
    // Kilobytes on every platform.
    return { wallMs, peakMb: Number(await readFile(peakFile, 'utf8')) / 1024, exitCode, stdout };
  } finally {
    await rm(folder, { recursive: true });
  }
}
