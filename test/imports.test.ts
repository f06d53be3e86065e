import { describe, expect, it } from 'vitest';
import { circlesIn, type Import, readImports, roomOf } from './support/import-graph.ts';

/** `command: app` of the Action. */
const HOSTING_COMMAND = 'src/commands/app.ts';

interface Rules {
  /** Other rooms. With `: types`, only their types. */
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
}

/** What a room may import. Every room must be listed, and every allowance must be used. */
const ROOMS: Readonly<Record<string, Rules>> = {
  'src/client': { rooms: ['src/gateway'], packages: [] },
  'src/config': { rooms: [], packages: ['zod', 'yaml', 'jsonc-parser', 'leven'] },
  'src/gateway': {
    rooms: ['src/config'],
    packages: ['openai', 'eventsource-parser', '@pydantic/genai-prices'],
  },
  'src/inventory': { rooms: ['src/config: types'], packages: ['ignore'] },
  'src/measure': { rooms: ['src/config', 'src/gateway'], packages: ['zod', 'fflate', 'postgres'] },
  'src/judge': { rooms: ['src/config', 'src/measure'], packages: ['zod'] },
  'src/rollout': { rooms: ['src/config', 'src/measure', 'src/judge'], packages: ['zod'] },
  'src/wording': {
    rooms: ['src/config', 'src/measure: types', 'src/judge: types', 'src/rollout: types'],
    packages: [],
  },
  'src/conversation': {
    rooms: ['src/config', 'src/measure', 'src/judge', 'src/rollout', 'src/wording'],
    packages: ['leven', 'mdast-util-from-markdown', 'mdast-util-gfm-table', 'micromark-extension-gfm-table'],
  },
  'src/check': {
    rooms: ['src/config', 'src/gateway', 'src/judge', 'src/wording'],
    packages: ['p-limit', 'leven', 'zod'],
  },
  'src/report': {
    rooms: [
      'src/check: types',
      'src/config: types',
      'src/inventory: types',
      'src/measure: types',
      'src/judge: types',
      'src/rollout: types',
      'src/wording',
    ],
    packages: [],
  },
  app: {
    rooms: [
      'src/config',
      'src/gateway',
      'src/inventory',
      'src/measure',
      'src/judge',
      'src/rollout',
      'src/conversation',
    ],
    packages: ['probot', 'zod', 'p-limit', 'pino', 'tar-stream', 'prom-client'],
  },
  'src/commands': {
    rooms: [
      'src/config',
      'src/gateway',
      'src/inventory',
      'src/check',
      'src/measure',
      'src/judge',
      'src/rollout',
      'src/wording',
      'src/conversation',
      'src/report',
      'app',
    ],
    packages: ['@actions', 'fflate', 'p-limit', 'yocto-spinner'],
  },
  'src/main.ts': { rooms: ['src/commands'], packages: [] },
  'src/cli.ts': { rooms: ['src/commands'], packages: ['commander'] },
};

/** What a pure room may import of the rooms below it, besides types. */
const PURE: Readonly<Record<string, RegExp>> = {
  'src/judge':
    /^src\/(judge\/|config\/(arms|stages|metrics)\.ts|measure\/(measurement|add|differences|histogram|sample)\.ts)/,
  'src/rollout':
    /^src\/(rollout|judge)\/|^src\/config\/(arms|stages)\.ts|^src\/measure\/(measurement|add)\.ts/,
};

const imports = readImports();

describe('what may import what', () => {
  it('finds imports', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports).toContainEqual({
      file: 'src/check/run.ts',
      specifier: './meter.ts',
      target: 'src/check/meter.ts',
      typesOnly: false,
      lazy: false,
    });
  });

  it.each([...new Set(imports.map(({ file }) => roomOf(file)))])('%s keeps to its rules', (room) => {
    const rules = ROOMS[room];
    expect(rules, `${room} is a new room: give it a line in ROOMS`).toBeDefined();
    const own = imports.filter(({ file }) => roomOf(file) === room);
    const trespasses = own
      .filter((each) => !isAllowed(each, room))
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(trespasses).toEqual([]);
    const seen = new Set(
      own.flatMap(({ target, specifier }) => (target ? roomOf(target) : packageOf(specifier))),
    );
    const unused = [...(rules?.rooms ?? []), ...(rules?.packages ?? [])].filter(
      (allowed) => !seen.has(allowed.replace(': types', '')),
    );
    expect(unused, 'allowed but unused').toEqual([]);
  });

  it('has no cycle, including types and lazy imports', () => {
    expect(circlesIn(imports)).toEqual([]);
  });

  it('finds a cycle', () => {
    const link = (file: string, target: string): Import => ({
      file,
      specifier: target,
      target,
      typesOnly: true,
      lazy: false,
    });
    const circle = [link('a', 'b'), link('b', 'c'), link('c', 'a'), link('d', 'a'), link('e', 'e')];
    expect(circlesIn(circle)).toEqual([['a', 'b', 'c'], ['e']]);
  });

  it.each(Object.entries(PURE))(
    '%s imports no clock, network, environment, file or text for people',
    (room, pure) => {
      const impure = imports.filter(
        ({ file, target, specifier, typesOnly }) =>
          roomOf(file) === room && !typesOnly && specifier !== 'zod' && !pure.test(target ?? ''),
      );
      expect(impure).toEqual([]);
    },
  );

  it('src imports neither app, test nor probot, except the command that hosts the App; app never imports @actions', () => {
    const crossing = imports.filter(({ file, target, specifier }) =>
      file.startsWith('src/')
        ? file !== HOSTING_COMMAND && /^(app|test|probot)/.test(target ?? specifier)
        : specifier.startsWith('@actions/'),
    );
    expect(crossing).toEqual([]);
  });

  it('loads the App only when needed', () => {
    const eager = imports.filter(
      ({ file, target, lazy }) => file === HOSTING_COMMAND && target?.startsWith('app/') && !lazy,
    );
    expect(eager).toEqual([]);
  });
});

function isAllowed({ specifier, target, typesOnly }: Import, room: string): boolean {
  if (specifier.startsWith('node:')) return true;
  const rules = ROOMS[room];
  if (target === null) return rules?.packages.includes(packageOf(specifier)) ?? false;
  const other = roomOf(target);
  if (other === room) return true;
  return rules?.rooms.some((each) => each === other || (typesOnly && each === `${other}: types`)) ?? false;
}

/** `openai` for `openai/resources`. A scope such as `@actions` counts as one package. */
function packageOf(specifier: string): string {
  const [scope = '', name] = specifier.split('/');
  return scope === '@pydantic' ? `${scope}/${name}` : scope;
}
