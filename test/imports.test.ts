import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What a room may import of other rooms and of packages. A room that is not named here may not exist. */
const ROOMS: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly packages: readonly RegExp[] }>
> = {
  'src/config': { rooms: [], packages: [/^zod$/, /^yaml$/, /^leven$/] },
  'src/gateway': {
    rooms: [],
    packages: [/^openai(\/|$)/, /^zod$/, /^eventsource-parser/, /^@pydantic\/genai-prices$/],
  },
  'src/inventory': { rooms: ['src/config'], packages: [/^ignore$/] },
  'src/check': { rooms: ['src/config', 'src/gateway'], packages: [/^p-limit$/, /^leven$/] },
  'src/measure': { rooms: ['src/config', 'src/gateway'], packages: [/^zod$/] },
  'src/judge': { rooms: ['src/config', 'src/measure'], packages: [/^zod$/] },
  'src/report': {
    rooms: ['src/check', 'src/config', 'src/gateway', 'src/inventory', 'src/measure', 'src/judge'],
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
      'src/report',
    ],
    packages: [/^@actions\//, /^zod$/, /^yocto-spinner$/, /^@copilotkit\/aimock$/],
  },
  'src/main.ts': { rooms: ['src/commands', 'src/report', 'src/gateway'], packages: [/^@actions\//] },
  'src/cli.ts': { rooms: ['src/commands', 'src/report', 'src/gateway'], packages: [/^commander$/] },
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typesOnly: boolean;
}

const imports = globSync('{src,app}/**/*.{ts,mjs}', { cwd: root }).sort().flatMap(importsOf);

describe('what may import what', () => {
  it('finds the imports that it judges', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports).toContainEqual({ file: 'src/check/run.ts', specifier: './meter.ts', typesOnly: false });
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

  it.each(['src/report', 'src/judge'])('shows %s only the types of other rooms, not their code', (room) => {
    const code = imports.filter(({ file, typesOnly }) => roomOf(file) === room && !typesOnly);
    const foreign = code.filter(
      ({ file, specifier }) => specifier.startsWith('.') && targetRoom(file, specifier) !== room,
    );
    expect(foreign).toEqual([]);
  });

  it('lets the judge see no clock, network, environment or file', () => {
    const impure = imports.filter(
      ({ file, specifier }) => roomOf(file) === 'src/judge' && !/^(\.|zod$)/.test(specifier),
    );
    expect(impure).toEqual([]);
  });

  it('never lets src see app, test or probot, nor app see @actions', () => {
    const crossing = imports.filter(({ file, specifier }) => {
      const room = specifier.startsWith('.') ? (targetRoom(file, specifier) ?? '') : specifier;
      return file.startsWith('src/') ? /^(app|test|probot)/.test(room) : room.startsWith('@actions/');
    });
    expect(crossing).toEqual([]);
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

/** `src/check/probes/auth.ts` belongs to `src/check`; a file directly in src is a room of its own. */
function roomOf(file: string): string {
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
    })),
    ...[...dynamic].map((match) => ({ file, specifier: match[1] ?? '', typesOnly: false })),
  ];
}
