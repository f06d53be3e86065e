/** Who may do what: every command, every role, with the default permissions and with others. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/schema.ts';
import { COMMAND_FORMS } from '../../src/conversation/command-help.ts';
import { parseCommand } from '../../src/conversation/parse-command.ts';
import { type Authority, ROLES } from '../../src/rollout/actor.ts';
import { COMMAND_NAMES, type CommandName } from '../../src/rollout/command.ts';
import { decide } from '../../src/rollout/decide.ts';
import type { RolloutEvent } from '../../src/rollout/event.ts';
import { valid } from '../config/configs.ts';
import { configText, MEASURED, MINUTE, person, Story, TWO_TARGETS } from './story.ts';

const TEAM = 'acme/platform';
const NO_TEAMS: readonly string[] = [];

/** One sign for each of ROLES, from none to admin: `+` may, `-` may not. */
const BY_DEFAULT = {
  advance: '---+++',
  force: '----++',
  rollback: '---+++',
  pause: '---+++',
  resume: '---+++',
  retry: '---+++',
  abort: '----++',
  status: '-+++++',
  help: '-+++++',
  start: '---+++',
} as const satisfies Readonly<Record<CommandName, string>>;

/** What the config can require, and who may then run the command. */
const AS_CONFIGURED = [
  ['read', '-+++++'],
  ['triage', '--++++'],
  ['write', '---+++'],
  ['maintain', '----++'],
  ['admin', '-----+'],
] as const;

/** Running, in its first stage. */
const { state, now } = new Story().works().later(MINUTE);

function configWith(permissions: string): Config {
  return valid(configText(`${MEASURED}${TWO_TARGETS}rollout: { permissions: { ${permissions} } }\n`));
}

type Asked = (authority: Authority) => RolloutEvent;

/** A comment with the example that the help shows. */
function saying(text: string): Asked {
  const command = parseCommand(text);
  if (command === null) throw new Error(`${text} is no command`);
  const written = { key: 'comment:1', comment: 1, at: now, outsider: false, by: person('ann') };
  return (authority) => ({ kind: 'command', command, authority, ...written });
}

const ticking: Asked = (authority) => ({
  kind: 'command',
  command: { kind: 'advance', to: null, dryRun: false },
  key: 'edit:1',
  comment: null,
  box: { label: 'local' },
  by: person('ann'),
  authority,
  at: now,
  outsider: false,
});

/** Refused means that the only effect is the reply. */
function may(config: Config, event: RolloutEvent): boolean {
  const after = decide({ config, state }, event, now);
  const isDenied = after.replies.some(({ code }) => code === 'permission_denied');
  if (!isDenied) return true;
  const { applied, pending, effects } = after.state;
  expect(after.state).toEqual({ ...state, applied, pending, effects });
  expect(after.effects.every(({ effect }) => effect.kind === 'comment' || effect.kind === 'react')).toBe(
    true,
  );
  return false;
}

function signs(config: Config, asked: Asked, teams = NO_TEAMS): string {
  return ROLES.map((role) => (may(config, asked({ role, teams })) ? '+' : '-')).join('');
}

const EXAMPLES = COMMAND_FORMS.map(({ example, permission }) => [example, permission] as const);

describe.each(EXAMPLES)('%s', (example, command) => {
  const asked = saying(example);

  it('is for the roles of the documentation', () => {
    expect(signs(configWith(''), asked)).toBe(BY_DEFAULT[command]);
  });

  it.each(AS_CONFIGURED)('is for %s and more, where the config says so', (least, expected) => {
    expect(signs(configWith(`${command}: ${least}`), asked)).toBe(expected);
  });

  it('is only for members of a team where the config says so, whatever their role', () => {
    const config = configWith(`${command}: ${TEAM}`);
    expect(signs(config, asked, ['Acme/Platform'])).toBe('++++++');
    expect(signs(config, asked, ['acme/others'])).toBe('------');
    expect(signs(config, asked)).toBe('------');
  });

  it('is not affected by the permissions of other commands', () => {
    const others = COMMAND_NAMES.filter((name) => name !== command);
    const config = configWith(others.map((name) => `${name}: ${TEAM}`).join(', '));
    expect(signs(config, asked)).toBe(BY_DEFAULT[command]);
  });
});

describe('a ticked box', () => {
  it('needs the same role as advancing', () => {
    expect(signs(configWith(''), ticking)).toBe(BY_DEFAULT.advance);
    for (const [least, expected] of AS_CONFIGURED) {
      expect(signs(configWith(`advance: ${least}`), ticking)).toBe(expected);
    }
    const ofTeam = configWith(`advance: ${TEAM}`);
    expect([signs(ofTeam, ticking), signs(ofTeam, ticking, [TEAM])]).toEqual(['------', '++++++']);
  });
});

it('a misspelt command gets a hint if its author may ask for help', () => {
  expect(signs(configWith(''), saying('/advance-rollot'))).toBe(BY_DEFAULT.help);
  expect(signs(configWith('help: admin'), saying('/advance-rollot'))).toBe('-----+');
});

it('each command has a form in the help, so that the table above leaves none out', () => {
  expect(new Set(COMMAND_FORMS.map(({ permission }) => permission))).toEqual(new Set(COMMAND_NAMES));
});
