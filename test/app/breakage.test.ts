/** What breaks in the middle of a rollout: one comment reports it, nothing moves, and a rollback still works. */
import { expect, it } from 'vitest';
import { readManifest } from '../support/github/manifest.ts';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const FLAGS = 'flags.json';
const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic:
  - file: { path: ${FLAGS}, set: { /share: share } }
  - variable: { name: GATEWAY_SHARE }
rollout: { stages: [5%, 100%], gates: { 5%: { manual: true } } }
`;

interface Breakage {
  readonly what: string;
  readonly breaks: (scenario: Scenario) => Promise<unknown>;
  readonly fixes: (scenario: Scenario) => Promise<unknown>;
  /** In the comment, which names the target. */
  readonly says: RegExp;
  /** Which of the two targets cannot be written. */
  readonly target: 'file' | 'variable';
}

const holding =
  (text: string | null) =>
  ({ github }: Scenario) =>
    github.pushes({ [FLAGS]: text }, { by: 'alice' });
const whole = holding('{ "share": 5 }\n');

const { permissions: granted } = readManifest();
const { actions_variables: _, ...withoutVariables } = granted;

const BREAKAGES: readonly Breakage[] = [
  {
    what: 'a file that is gone',
    breaks: holding(null),
    fixes: whole,
    says: /flags\.json.* there is no such file/,
    target: 'file',
  },
  {
    what: 'a pointer that is gone',
    breaks: holding('{ "shares": 5 }\n'),
    fixes: whole,
    says: /flags\.json.*\/share does not exist/,
    target: 'file',
  },
  {
    what: 'the marks of a merge conflict in the file',
    breaks: holding('{\n<<<<<<< main\n  "share": 5\n=======\n  "share": 6\n>>>>>>> other\n}\n'),
    fixes: whole,
    says: /flags\.json/,
    target: 'file',
  },
  {
    what: 'a branch that is protected now',
    breaks: async ({ github }) => github.protect({ branches: 'main', types: ['pull_request'], bypass: [] }),
    fixes: async ({ github }) => github.unprotect('main'),
    says: /The branch main is protected.*&#96;branch:&#96; of the target/,
    target: 'file',
  },
  {
    what: 'a permission that was taken away',
    breaks: ({ github }) => github.permits(withoutVariables),
    fixes: ({ github }) => github.permits(granted),
    says: /GATEWAY_SHARE.*variables: write/,
    target: 'variable',
  },
];

async function held({ github }: Scenario): Promise<{ readonly file: string; readonly variable: string }> {
  const file = /"share": (\d+)/.exec((await github.file(FLAGS)) ?? '')?.[1];
  return { file: file ?? 'nothing', variable: github.variable('GATEWAY_SHARE') ?? 'nothing' };
}

const withoutMarker = (reply: string) => reply.replace(/\s*<!-- .*$/, '');

it.each(BREAKAGES)('$what', async ({ breaks, fixes, says, target }) => {
  const scenario = await startScenario();
  await whole(scenario);
  await scenario.pushesConfig(CONFIG);
  expect(await held(scenario)).toEqual({ file: '5', variable: '5' });
  await breaks(scenario);
  await scenario.settled();
  const before = (await scenario.replies()).length;
  const saidOfIt = async () => (await scenario.replies()).slice(before).filter((reply) => says.test(reply));
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain('Paused');
  expect(await saidOfIt()).toHaveLength(1);
  await scenario.passes(10 * MINUTE);
  expect(await scenario.headline()).toContain('Paused');
  expect(await saidOfIt()).toHaveLength(1);

  await scenario.says('alice', '/rollback-rollout');
  expect(await scenario.headline()).toContain('Rolled back');
  expect((await held(scenario))[target === 'file' ? 'variable' : 'file']).toBe('0');
  expect(await scenario.lastReply()).toContain('Take the traffic back by hand now');
  await fixes(scenario);
  await scenario.settled();
  await scenario.passes(30 * MINUTE);
  expect(await held(scenario)).toEqual({ file: '0', variable: '0' });
});

it('rules that keep the App from its states: nothing advances, and traffic is still taken back', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  await whole(scenario);
  await scenario.pushesConfig(CONFIG);
  github.protect({ branches: 'gateway-rollout/**', types: ['update'], bypass: [] });
  await scenario.says('alice', '/advance-rollout');
  expect(await held(scenario)).toEqual({ file: '5', variable: '5' });
  expect(withoutMarker(await scenario.lastReply())).toMatchInlineSnapshot(
    `"⚠️ The state of the rollout cannot be written. The rollout stays as it is until the App can write the branch; /rollback-rollout still takes the traffic back. GitHub does not let the App write the branch gateway-rollout/shop: Repository rule violations found: Cannot update this protected ref. The App needs the permission "contents: write" and a …"`,
  );

  await scenario.says('alice', '/rollback-rollout');
  expect(await held(scenario)).toEqual({ file: '0', variable: '0' });
  expect(withoutMarker(await scenario.lastReply())).toMatchInlineSnapshot(
    `"⚠️ The state of the rollout cannot be written. The traffic was taken back anyway. The rollout records it once the App can write the branch again. GitHub does not let the App write the branch gateway-rollout/shop: Repository rule violations found: Cannot update this protected ref. The App needs the permission "contents: write" and a bypass of th…"`,
  );
  const said = (await scenario.replies()).length;
  await scenario.passes(10 * MINUTE);
  expect(await scenario.replies()).toHaveLength(said);
  expect(await scenario.headline()).toContain(': **5%**');

  // The advance was written before the rollback, which is why it is not run after all.
  github.unprotect('gateway-rollout/**');
  await scenario.passes(10 * MINUTE);
  expect(await scenario.headline()).toContain('Rolled back');
  expect(await held(scenario)).toEqual({ file: '0', variable: '0' });
  expect(await github.commits('gateway-rollout/shop')).not.toContainEqual(expect.stringMatching(/^advance/));
});

it('rules that keep the App from starting: the command gets a reply, and the commit a check run', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  github.protect({ branches: 'gateway-rollout/**', types: ['creation'], bypass: [] });
  await whole(scenario);
  await scenario.pushesConfig(CONFIG);
  const words = /does not let the App write the branch gateway-rollout\/shop/;
  expect(await github.checks(await github.head())).toMatchObject([
    { conclusion: 'failure', title: 'No rollout was started: one problem' },
  ]);
  const issue = await github.person('alice').opens('Shall we move?');
  await scenario.says('alice', '/start-rollout', issue);
  expect(await scenario.lastReply(issue)).toMatch(words);
});
