import { expect, it } from 'vitest';
import { type Behaviour, measured } from '../judge/pairs/copied-traffic.ts';
import { seeded } from '../support/random.ts';
import { DAY, startScenario } from './rollout-scenario.ts';

const SHARES = 'deploy/share.json';
const TASKS_A_DAY = 200;

const config = (more = '') => `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: jsonl, workflow: gateway-observe.yml, interval: 24h }
traffic: [{ file: { path: ${SHARES}, set: { /gateway: share, /shadow: shadow } } }]
rollout:
  stages: [local, staging, shadow: 100%, 25%, 100%]
  watch: 0
${more}`;

/** A team with little traffic, whose application reads what the file says. */
async function startTeam(gateway: Behaviour, more?: string) {
  const scenario = await startScenario();
  await scenario.github.pushes({ [SHARES]: '{ "gateway": 0, "shadow": 0 }\n' });
  await scenario.pushesConfig(config(more));
  await scenario.says('alice', '/advance-rollout');
  await scenario.says('alice', '/advance-rollout');
  const random = seeded(8);
  const begun = scenario.now();
  const seen: { readonly share: number; readonly shadow: number; readonly day: number }[] = [];
  return {
    scenario,
    seen,
    /** A day: production as the file says, then its measurement. */
    async lives(): Promise<void> {
      const file = JSON.parse((await scenario.github.file(SHARES)) ?? '{}');
      const { gateway: share, shadow } = file;
      seen.push({ share, shadow, day: (scenario.now() - begun) / DAY });
      const window = { from: scenario.now(), to: scenario.now() + DAY };
      const production = {
        random,
        tasks: TASKS_A_DAY,
        share,
        copies: shadow,
        official: { failing: 0.005 },
        gateway,
      };
      const stage = shadow > 0 ? 'shadow: 100%' : `${share}%`;
      const { arms, pairs } = measured({ window, stage, share: shadow > 0 ? null : share }, production);
      await scenario.passes(DAY);
      await scenario.observes(stage, shadow > 0 ? null : share, {
        ...arms,
        ...(pairs && { pairs }),
        since: window.from,
      });
    },
  };
}

const daysSaid = (body: string) => body.match(/next stages take: (.*?) \(at/)?.[1];

async function untilItMoves({ lives, scenario }: Awaited<ReturnType<typeof startTeam>>): Promise<string> {
  const before = await scenario.headline();
  for (let day = 0; day < 20; day += 1) {
    await lives();
    const now = await scenario.headline();
    if (now !== before) return now;
  }
  return before;
}

it('a team of 200 tasks a day reaches 100 % by copies first, and hears before how long each gate takes', async () => {
  const team = await startTeam({ failing: 0.005 });
  const { scenario, seen } = team;
  const said = await scenario.body();
  expect(said).toContain('Gateway traffic now: 0 %; copies: 100 %.');
  expect(said).toMatch(/\*\*shadow: 100%\*\* \| [\d.]+ \|/);
  await team.lives();
  await team.lives();
  expect(await scenario.body()).toContain('400 of 500 copied requests');
  expect(await scenario.body()).toMatch(/- 💵 0\.0\d+ USD for copies so far\n/);
  expect(await scenario.body()).toMatch(/\| Cost of copies \| – \| 0\.0\d+ USD \|\n/);
  expect(daysSaid(await scenario.body())).toMatch(/\*\*25%\*\* [\d.]+ days, \*\*100%\*\* [\d.]+ days/);
  expect(await untilItMoves(team)).toContain(': **25%**');
  expect(JSON.parse((await scenario.github.file(SHARES)) ?? '')).toEqual({ gateway: 25, shadow: 0 });
  expect(await untilItMoves(team)).toContain(': **100%**');
  expect(await untilItMoves(team)).toContain('Completed');
  expect(seen.at(-1)?.day).toBeLessThan(21);
});

it('a gateway that fails 5 % never meets a user', async () => {
  const team = await startTeam({ failing: 0.05 });
  expect(await untilItMoves(team)).toMatch(/Rolled back|Stepped back/);
  expect(await team.scenario.lastReply()).toContain(
    'These were copies of requests, so no user was affected.',
  );
  const file = JSON.parse((await team.scenario.github.file(SHARES)) ?? '');
  expect(file).toEqual({ gateway: 0, shadow: 0 });
  expect(team.seen.every(({ share }) => share === 0)).toBe(true);
});
