/** A traffic target before the emulated GitHub. */
import { onTestFinished } from 'vitest';
import type { Repository } from '../../../app/repository.ts';
import { openTarget } from '../../../app/traffic/open.ts';
import { TrafficMemory } from '../../../app/traffic/settings.ts';
import type { TrafficTarget } from '../../../app/traffic/target.ts';
import type { Target } from '../../../src/config/schema/traffic.ts';
import type { Shares } from '../../../src/rollout/effect.ts';
import { type Github, type GithubOptions, startGithub } from '../../support/github/github.ts';
import { openRepository } from '../open-repository.ts';

export const FLAGS = '{\n  "gateway": 0, // percent\n  "official": 100,\n  "fast": 0\n}\n';
export const SHARES: Shares = { everything: 5, slices: { fast: 25 } };
export const ZERO: Shares = { everything: 0, slices: {} };
export const CHANGE = {
  rollout: 'assistant',
  stage: '5%',
  generation: 7,
  purpose: 'advance',
  verified: false,
  drifted: false,
  run: null,
  writtenAt: Date.parse('2026-11-22T12:00:00Z'),
} as const;

interface Started {
  readonly github: Github;
  readonly repository: Repository;
  /** A target of a new process. */
  open(target: Target): TrafficTarget;
  /** Methods of the App's requests. */
  asked(): string[];
  /** The detail of a failed write. */
  failureOf(target: Target): Promise<string>;
  /** Lets time go by. */
  passes(milliseconds: number): void;
}

/** A repository that holds {@link FLAGS} in `deploy/flags.json`. */
export async function start(options: GithubOptions = {}): Promise<Started> {
  let clock = Date.parse('2026-11-22T12:00:00Z');
  const now = () => clock;
  const github = await startGithub({ ...options, now });
  onTestFinished(() => github.close());
  await github.pushes({ 'deploy/flags.json': FLAGS });
  const repository = await openRepository(github);
  github.forgetRequests();
  const identity = async () => `${github.app.slug}[bot]`;
  const open = (target: Target) =>
    openTarget(target, {
      repository,
      memory: new TrafficMemory(),
      identity,
      now,
      wait: async () => undefined,
    });
  return {
    github,
    repository,
    open,
    asked: () => github.requests().map(({ method }) => method),
    async failureOf(target) {
      const written = await open(target).write(SHARES, CHANGE);
      if (written.kind !== 'failed') return written.kind;
      return `${written.final ? 'final' : 'for now'}: ${written.detail}`;
    },
    passes(milliseconds) {
      clock += milliseconds;
    },
  };
}
