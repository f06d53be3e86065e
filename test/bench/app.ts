/**
 * The App: how fast it lets go of what does not concern it, and what it asks of GitHub. `--full` ticks 1,000 open
 * rollouts (some minutes to set up), without it 100. The emulated GitHub runs in the same process.
 */
import { type Github, startGithub } from '../support/github/github.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { benchIgnoredComments } from './app/ignored.ts';
import { heapMb } from './app/memory.ts';
import type { Row } from './row.ts';

const MINUTE = 60_000;
const TARGETS = 2;
const MOST_PER_COMMAND = 9;
const MOST_PER_TARGET = 3;
const MOST_PER_TICK = 4;
const ROLLOUTS_PER_REPOSITORY = 10;

const FROM_THE_BEGINNING = ['local', '5%', '100%'];
/** In production at once. */
const IN_PRODUCTION = ['5%', '100%'];

function configOf(name: string, stages: readonly string[]): string {
  return `name: ${name}
gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic:
  - file: { path: flags-${name}.json, set: { /share: share } }
  - variable: { name: SHARE_${name.replaceAll('-', '_').toUpperCase()} }
rollout: { stages: [${stages.join(', ')}], gates: { default: { manual: true } } }
`;
}

export async function benchApp(full: boolean): Promise<readonly Row[]> {
  return [
    ...(await benchIgnoredComments()),
    ...(await benchRequests()),
    ...(await benchTick(full ? 1_000 : 100)),
  ];
}

/** A world with rollouts in which nothing is left to do. */
interface Running {
  readonly github: Github;
  readonly app: StartedApp;
  passes(milliseconds: number): void;
  settled(): Promise<void>;
  start(): Promise<StartedApp>;
  close(): Promise<void>;
}

async function startRollouts(
  repositories: readonly string[],
  perRepository: number,
  stages: readonly string[],
): Promise<Running> {
  let clock = Date.UTC(2026, 2, 2, 8);
  const now = () => clock;
  const [repo = 'acme/shop', ...repos] = repositories;
  const github = await startGithub({ repo, repos, users: { alice: 'write', mara: 'maintain' }, now });
  const start = () => startApp(github, { now, fetch: github.fetch });
  const app = await start();
  github.deliverTo(app.url);
  const running: Running = {
    github,
    app,
    passes(milliseconds) {
      clock += milliseconds;
    },
    async settled() {
      await github.settled();
      await app.idle();
      await github.settled();
    },
    start,
    async close() {
      await app.close();
      await github.close();
    },
  };
  for (const repository of repositories) {
    const names = Array.from({ length: perRepository }, (_, index) => `rollout-${index + 1}`);
    await github.at(repository).pushes(
      Object.fromEntries(
        names.flatMap((name) => [
          [`flags-${name}.json`, '{ "share": 0 }\n'],
          [`.github/gateway-rollout/${name}.yml`, configOf(name, stages)],
        ]),
      ),
      { by: 'alice' },
    );
    await running.settled();
  }
  for (let tick = 0; tick < 3; tick += 1) {
    clock += MINUTE;
    await app.tick();
    await running.settled();
  }
  return running;
}

/** What commands and an idle tick cost, of a rollout with two targets. */
async function benchRequests(): Promise<readonly Row[]> {
  const running = await startRollouts(['acme/shop'], 1, FROM_THE_BEGINNING);
  const { github, app } = running;
  const cost = async (task: () => Promise<unknown>): Promise<number> => {
    github.forgetRequests();
    await task();
    await running.settled();
    return github.requests().filter(({ path }) => !isListing(path)).length;
  };
  const says = (who: string, text: string) => {
    running.passes(1_000);
    return cost(() => github.person(who).comments(1, text));
  };
  const row = (what: string, value: number, limit: number): Row => ({
    what,
    value,
    unit: ' requests',
    limit,
  });
  try {
    const moving = MOST_PER_COMMAND + MOST_PER_TARGET * TARGETS;
    return [
      row('an ignored comment', await says('alice', 'Looks good to me.'), 0),
      row('/rollout-status', await says('alice', '/rollout-status'), MOST_PER_COMMAND),
      row('/pause-rollout', await says('alice', '/pause-rollout'), MOST_PER_COMMAND),
      row('/resume-rollout', await says('alice', '/resume-rollout'), MOST_PER_COMMAND),
      row('/advance-rollout, 2 targets written', await says('alice', '/advance-rollout'), moving),
      row('/rollback-rollout, 2 targets written', await says('alice', '/rollback-rollout'), moving),
      row('/retry-rollout, 2 targets written', await says('alice', '/retry-rollout'), moving),
      row('an idle tick, 2 targets', await idleTick(), MOST_PER_TICK + TARGETS),
    ];
  } finally {
    await running.close();
  }

  async function idleTick(): Promise<number> {
    for (let tick = 0; tick < 3; tick += 1) {
      running.passes(MINUTE);
      await app.tick();
    }
    running.passes(MINUTE);
    return cost(() => app.tick());
  }
}

/** Once a tick, whatever number of rollouts there is. */
function isListing(path: string): boolean {
  return path.startsWith('/app/installations') || path.startsWith('/installation/repositories');
}

/** A tick of a process that knows nothing yet, and the next one, in which nothing has changed. */
async function benchTick(rollouts: number): Promise<readonly Row[]> {
  const count = Math.ceil(rollouts / ROLLOUTS_PER_REPOSITORY);
  const repositories = Array.from({ length: count }, (_, index) => `acme/shop-${index + 1}`);
  const running = await startRollouts(repositories, ROLLOUTS_PER_REPOSITORY, IN_PRODUCTION);
  const { github } = running;
  const about = `tick of ${rollouts} open rollouts in ${count} repositories`;
  const rows: Row[] = [];
  try {
    github.forgetRequests();
    const heapBefore = await heapMb();
    const app = await running.start();
    for (const kind of ['cold', 'idle'] as const) {
      running.passes(MINUTE);
      github.forgetRequests();
      const began = performance.now();
      await app.tick();
      const seconds = (performance.now() - began) / 1000;
      const requests = github.requests().length;
      const limit = kind === 'idle' ? rollouts * (MOST_PER_TICK + TARGETS) : null;
      rows.push({ what: `${about}, ${kind}`, value: requests, unit: ' requests', limit });
      rows.push({ what: `… with the emulated GitHub's own time`, value: seconds, unit: ' s', limit: null });
    }
    github.forgetRequests();
    rows.push({
      what: '… what the process remembers of them',
      value: (await heapMb()) - heapBefore,
      unit: ' MB',
      limit: null,
    });
    await app.close();
    return rows;
  } finally {
    await running.close();
  }
}
