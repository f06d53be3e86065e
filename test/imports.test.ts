import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** `command: app` of the Action. */
const HOSTING_COMMAND = 'src/commands/app.ts';

/** Servers and a story, for this repository alone. */
const DEMO = 'test/demo';

/** What a room may import of other rooms and of packages. A room that is not named here may not exist. */
const ROOMS: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly packages: readonly RegExp[] }>
> = {
  'src/config': { rooms: [], packages: [/^zod$/, /^yaml$/, /^jsonc-parser$/, /^leven$/] },
  'src/gateway': {
    rooms: [],
    packages: [/^openai(\/|$)/, /^zod$/, /^eventsource-parser/, /^@pydantic\/genai-prices$/],
  },
  'src/inventory': { rooms: ['src/config'], packages: [/^ignore$/] },
  'src/check': { rooms: ['src/config', 'src/gateway', 'src/wording'], packages: [/^p-limit$/, /^leven$/] },
  'src/measure': { rooms: ['src/config', 'src/gateway'], packages: [/^zod$/] },
  'src/judge': { rooms: ['src/config', 'src/measure'], packages: [/^zod$/] },
  'src/wording': { rooms: ['src/config', 'src/measure', 'src/judge'], packages: [] },
  'src/rollout': {
    rooms: ['src/config', 'src/measure', 'src/judge', 'src/wording'],
    packages: [/^zod$/, /^leven$/],
  },
  'src/report': {
    rooms: [
      'src/check',
      'src/config',
      'src/gateway',
      'src/inventory',
      'src/measure',
      'src/judge',
      'src/wording',
    ],
    packages: [],
  },
  'src/commands': {
    rooms: [
      'src/config',
      'src/gateway',
      'src/inventory',
      'src/check',
      'src/measure',
      'src/judge',
      'src/wording',
      'src/report',
      'app',
    ],
    packages: [/^@actions\//, /^zod$/, /^yocto-spinner$/],
  },
  // No part of dist/: it may start whatever the tests start.
  [DEMO]: {
    rooms: [
      'src/config',
      'src/gateway',
      'src/measure',
      'src/report',
      'src/commands',
      'app',
      'test/support',
      'test/example',
    ],
    packages: [/^zod$/, /^openai$/, /^p-limit$/, /^@openfeature\/server-sdk$/, /^@copilotkit\/aimock$/],
  },
  'src/main.ts': { rooms: ['src/commands', 'src/report', 'src/gateway'], packages: [/^@actions\//] },
  app: {
    rooms: ['src/config', 'src/gateway', 'src/inventory', 'src/measure', 'src/judge', 'src/rollout'],
    packages: [
      /^probot(\/|$)/,
      /^@octokit\//,
      /^zod$/,
      /^yaml$/,
      /^fflate$/,
      /^pino$/,
      /^tar-stream$/,
      /^prom-client$/,
    ],
  },
  'src/cli.ts': { rooms: ['src/commands', 'src/report', 'src/gateway'], packages: [/^commander$/] },
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typesOnly: boolean;
  readonly lazy: boolean;
}

const imports = globSync('{src,app}/**/*.{ts,mjs}', { cwd: root }).sort().flatMap(importsOf);

describe('what may import what', () => {
  it('finds the imports that it judges', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports).toContainEqual({
      file: 'src/check/run.ts',
      specifier: './meter.ts',
      typesOnly: false,
      lazy: false,
    });
  });

  it.each([...new Set(imports.map(({ file }) => roomOf(file)))])('%s keeps to its rules', (room) => {
    const rules = ROOMS[room];
    expect(rules, `${room} is a new room: give it a line in ROOMS`).toBeDefined();
    const trespasses = imports
      .filter(({ file }) => roomOf(file) === room)
      .filter((each) => !isAllowed(each, room))
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(trespasses).toEqual([]);
  });

  it.each(['src/report', 'src/wording', 'src/judge'])(
    'shows %s only the types of other rooms, and of their code at most the wording',
    (room) => {
      const code = imports.filter(({ file, typesOnly }) => roomOf(file) === room && !typesOnly);
      const own = room === 'src/judge' ? [room] : [room, 'src/wording'];
      const foreign = code.filter(
        ({ file, specifier }) =>
          specifier.startsWith('.') && !own.includes(targetRoom(file, specifier) ?? ''),
      );
      expect(foreign).toEqual([]);
    },
  );

  it.each(['src/judge', 'src/rollout'])('lets %s see no clock, network, environment or file', (room) => {
    const impure = imports.filter(
      ({ file, specifier }) => roomOf(file) === room && !/^(\.|zod$|leven$)/.test(specifier),
    );
    expect(impure).toEqual([]);
  });

  it('shows the rollout the judge, the wording, measurements and their sums, and of other rooms only types', () => {
    const code = imports.filter(({ file, typesOnly }) => roomOf(file) === 'src/rollout' && !typesOnly);
    const foreign = code.filter(({ file, specifier }) => {
      const room = targetRoom(file, specifier);
      return (
        room !== null &&
        !['src/rollout', 'src/judge', 'src/wording'].includes(room) &&
        !/\/measure\/(measurement|add)\.ts$/.test(specifier)
      );
    });
    expect(foreign).toEqual([]);
  });

  it('never lets src see app, test or probot but for the command that hosts the App and the demo, nor app see @actions', () => {
    const crossing = imports.filter(({ file, specifier }) => {
      const room = specifier.startsWith('.') ? (targetRoom(file, specifier) ?? '') : specifier;
      if (!file.startsWith('src/')) return room.startsWith('@actions/');
      return file !== HOSTING_COMMAND && roomOf(file) !== DEMO && /^(app|test|probot)/.test(room);
    });
    expect(crossing).toEqual([]);
  });

  it('loads the App only when it is asked for', () => {
    const eager = imports.filter(
      ({ file, specifier, lazy }) =>
        file === HOSTING_COMMAND && targetRoom(file, specifier) === 'app' && !lazy,
    );
    expect(eager).toEqual([]);
  });
});

function isAllowed({ file, specifier }: Import, room: string): boolean {
  if (specifier.startsWith('node:')) return true;
  const rules = ROOMS[room];
  if (!specifier.startsWith('.')) return rules?.packages.some((allowed) => allowed.test(specifier)) ?? false;
  const target = targetRoom(file, specifier);
  return target === room || (target !== null && (rules?.rooms.includes(target) ?? false));
}

function targetRoom(file: string, specifier: string): string | null {
  return specifier.startsWith('.') ? roomOf(relative(root, resolve(root, dirname(file), specifier))) : null;
}

/** `src/check/probes/auth.ts` belongs to `src/check`; a file directly in src is a room of its own; so are app and the demo. */
function roomOf(file: string): string {
  if (file.startsWith(`${DEMO}/`)) return DEMO;
  if (file.startsWith('app/')) return 'app';
  return file.split('/').slice(0, 2).join('/');
}

function importsOf(file: string): Import[] {
  const text = readFileSync(resolve(root, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[\w\s{},*$]+\sfrom\s+)?['"]([^'"]+)['"]/gm,
  );
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [
    ...[...statements].map((match) => ({
      file,
      specifier: match[2] ?? '',
      typesOnly: match[1] !== undefined,
      lazy: false,
    })),
    ...[...dynamic].map((match) => ({ file, specifier: match[1] ?? '', typesOnly: false, lazy: true })),
  ];
}
