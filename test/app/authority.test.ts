import { describe, expect, it } from 'vitest';
import { COMMAND_FORMS } from '../../src/conversation/command-help.ts';
import {
  MINUTE,
  type Scenario,
  type ScenarioOptions,
  sharedScenario,
  startScenario,
} from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
rollout:
  stages: [local, staging, 5%, 100%]
  gates: { local: { manual: true }, staging: { manual: true } }
`;

async function started(options: ScenarioOptions = {}, config = CONFIG): Promise<Scenario> {
  const scenario = await startScenario(options);
  await scenario.pushesConfig(config);
  return scenario;
}

/** What a command led to, as its author sees it. */
async function outcome(scenario: Scenario, person: string, text: string): Promise<string> {
  const replies = (await scenario.replies()).length;
  const comment = await scenario.says(person, text);
  const reactions = await scenario.reactions(comment);
  const said = (await scenario.replies()).slice(replies);
  const isDenied = said.some((reply) => reply.startsWith('Refused: '));
  return isDenied ? 'denied' : (reactions.at(-1) ?? 'nothing');
}

const TEAM = { teams: { 'acme/platform': ['pam'] }, users: { pam: 'read' } } as const;
const FORCE = '/advance-rollout --force';

/** Of each command the best role that may not, where there is one that can comment, and the least that may. */
const BOUNDS: Readonly<Record<string, readonly [below: string | null, least: string]>> = {
  '/advance-rollout': ['rita', 'tom'],
  [FORCE]: ['mara', 'olivia'],
  '/rollback-rollout': [null, 'rita'],
  '/pause-rollout': ['olivia', 'pam'],
  '/resume-rollout': ['alice', 'mara'],
  '/retry-rollout': ['olivia', 'pam'],
  '/rollout-status': ['tom', 'alice'],
  '/rollout-help': ['rita', 'tom'],
  '/start-rollout': ['olivia', 'pam'],
  '/abort-rollout': ['mara', 'olivia'],
};

const PERMISSIONS = `  permissions:
    { advance: triage, force: admin, rollback: read, pause: acme/platform, resume: maintain, retry: acme/platform,
      status: write, help: triage, start: acme/platform, abort: admin }
`;

/** All of them ask in one moment. @returns such as `/pause-rollout by tom` */
async function refusedIn(scenario: Scenario): Promise<readonly string[]> {
  for (const [command, people] of Object.entries(BOUNDS)) {
    const text = command === FORCE ? `${command} --reason "agreed"` : command;
    for (const person of people) {
      if (person !== null) await scenario.github.person(person).comments(1, text);
    }
  }
  await scenario.settled();
  const refusals = (await scenario.replies()).flatMap((reply) => {
    const [, command, person] = /^Refused: <code>(.+?)<\/code> .+; (\w+) (?:has|is) /.exec(reply) ?? [];
    return command === undefined ? [] : [`${command} by ${person}`];
  });
  return refusals.toSorted();
}

describe('who may do what', () => {
  it('every command is refused below the role or team of the config, and not from there on', async () => {
    expect(Object.keys(BOUNDS)).toHaveLength(COMMAND_FORMS.length);
    const scenario = await started(TEAM, CONFIG + PERMISSIONS);
    const below = Object.entries(BOUNDS).flatMap(([command, [person]]) =>
      person === null ? [] : [`${command} by ${person}`],
    );
    expect(await refusedIn(scenario)).toEqual(below.toSorted());
    expect(await scenario.headline()).toContain('Aborted');
  });

  it('refuses somebody who has left since they wrote', async () => {
    const scenario = await started();
    scenario.github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
    await scenario.says('alice', '/advance-rollout');
    scenario.github.role('alice', 'none');
    await scenario.tick();
    expect(await scenario.replies()).toContainEqual(
      expect.stringMatching(/^Refused: .+ alice has no role in this repository\./),
    );
    expect(await scenario.headline()).toContain(': **local**');
  });

  it('runs a command for the lowest role that is allowed to', async () => {
    const scenario = await started();
    const commands = [
      ['/pause-rollout', 'alice'],
      ['/resume-rollout', 'alice'],
      ['/advance-rollout', 'alice'],
      ['/advance-rollout --force --reason "the check is broken"', 'mara'],
      ['/rollback-rollout', 'alice'],
      ['/retry-rollout', 'alice'],
      ['/abort-rollout', 'mara'],
    ] as const;
    for (const [command, person] of commands) {
      expect([command, await outcome(scenario, person, command)]).toEqual([command, 'rocket']);
    }
    expect(await outcome(scenario, 'rita', '/rollout-help')).toBe('+1');
    expect(await outcome(scenario, 'rita', '/rollout-status')).toBe('+1');
  });

  it('reads a custom role by its permissions', async () => {
    const scenario = await started({ users: { rosa: { name: 'release-captain', base: 'maintain' } } });
    expect(await outcome(scenario, 'rosa', '/advance-rollout --force --reason "agreed"')).toBe('rocket');
  });

  it('requires membership where the config names a team, regardless of the role', async () => {
    const options = {
      users: { olivia: 'admin', rita: 'read' },
      teams: { 'acme/platform': ['rita'] },
    } as const;
    const scenario = await started(
      options,
      CONFIG.replace('  stages', '  permissions: { advance: acme/platform }\n  stages'),
    );
    expect(await outcome(scenario, 'olivia', '/advance-rollout')).toBe('denied');
    expect(await outcome(scenario, 'rita', '/advance-rollout')).toBe('rocket');
  });

  it('uses the current role', async () => {
    const scenario = await started();
    scenario.github.role('alice', 'read');
    expect(await outcome(scenario, 'alice', '/advance-rollout')).toBe('denied');
    expect(await scenario.headline()).toContain(': **local**');
  });

  it('answers outsiders in a public repository only with a reaction', async () => {
    const scenario = await started({ private: false });
    const replies = await scenario.replies();
    const comment = await scenario.says('outsider', '/advance-rollout');
    expect(await scenario.reactions(comment)).toEqual(['eyes', 'confused']);
    expect(await scenario.replies()).toEqual(replies);
  });
});

describe('what is not a command', () => {
  const atLocal = sharedScenario((scenario) => scenario.pushesConfig(CONFIG));

  it('sends no requests for quotes, code, other bots’ commands and paths', async () => {
    const scenario = atLocal();
    const texts = [
      '> /advance-rollout',
      '```\n/advance-rollout\n```',
      '/assign @bob',
      'see docs/advance-rollout',
    ];
    scenario.github.forgetRequests();
    for (const text of texts) {
      const comment = await scenario.says('alice', text);
      expect(scenario.github.requests()).toEqual([]);
      expect(await scenario.reactions(comment)).toEqual([]);
    }
  });

  it('does nothing when a comment becomes a command by an edit', async () => {
    const scenario = atLocal();
    const comment = await scenario.says('alice', 'ready?');
    await scenario.passes(MINUTE);
    await scenario.github.person('alice').editsComment(comment, '/advance-rollout');
    await scenario.settled();
    await scenario.tick();
    expect(await scenario.reactions(comment)).toEqual([]);
    expect(await scenario.headline()).toContain(': **local**');
  });

  it('never listens to a bot, not even to one that may write', async () => {
    const scenario = atLocal();
    const { github } = scenario;
    const token = github.jobToken({ issues: 'write', contents: 'write' });
    await fetch(`${github.url}/repos/acme/shop/issues/1/comments`, {
      method: 'POST',
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body: '/advance-rollout' }),
    });
    await scenario.settled();
    await scenario.tick();
    expect(await scenario.headline()).toContain(': **local**');
  });

  it('suggests the right command for a misspelt one', async () => {
    const scenario = atLocal();
    const comment = await scenario.says('alice', '/advance-rollot');
    expect(await scenario.reactions(comment)).toEqual(['eyes', 'confused']);
    expect(await scenario.lastReply()).toContain('/advance-rollout');
  });
});

describe('the checklist', () => {
  const atLocal = sharedScenario((scenario) => scenario.pushesConfig(CONFIG));

  it('unticks the box of somebody without the role, and says why', async () => {
    const scenario = atLocal();
    await scenario.github.person('tom').ticks(1, 'stage=local');
    await scenario.settled();
    expect(await scenario.headline()).toContain(': **local**');
    expect(await scenario.body()).not.toContain('- [x]');
    expect(await scenario.lastReply()).toContain('write');
  });

  it('unticks a box that is found ticked later, because it is unknown who did it', async () => {
    const scenario = atLocal();
    scenario.github.nextDelivery('lost', ({ event }) => event === 'issues');
    await scenario.github.person('alice').ticks(1, 'stage=local');
    await scenario.settled();
    await scenario.tick();
    expect(await scenario.headline()).toContain(': **local**');
    expect(await scenario.body()).not.toContain('- [x]');
  });

  it('restores the text inside the markers, and keeps what people write around them', async () => {
    const scenario = atLocal();
    const before = await scenario.body();
    await scenario.github
      .person('alice')
      .edits(1, (body) => `Ask in #rollout.\n\n${body.replace('**local**', '**100%**')}`);
    await scenario.settled();
    expect(await scenario.body()).toBe(`Ask in #rollout.\n\n${before}`);
  });

  it('is restored when somebody deletes all of it', async () => {
    const scenario = atLocal();
    const [ours = 'no body'] = /<!-- gateway-rollout name=.*/s.exec(await scenario.body()) ?? [];
    await scenario.github.person('alice').edits(1, 'nothing');
    await scenario.settled();
    expect(await scenario.body()).toContain(ours);
  });

  it('advances when somebody with the role ticks the current box', async () => {
    const scenario = await started();
    await scenario.github.person('alice').ticks(1, 'stage=local');
    await scenario.settled();
    expect(await scenario.headline()).toContain(': **staging**');
  });
});
