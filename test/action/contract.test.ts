import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { INPUTS, readInputs } from '../../src/commands/action/inputs.ts';
import { OUTPUTS } from '../../src/commands/action/outputs.ts';

const action = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'));

test('action.yml describes exactly the inputs that the Action reads, with the same defaults', () => {
  const promised = Object.entries(INPUTS).map(([name, input]) => [name, { ...input, required: false }]);
  expect(action.inputs).toEqual(Object.fromEntries(promised));
});

test('every input is read, and no other', () => {
  const read: string[] = [];
  readInputs((name) => {
    read.push(name);
    return '';
  });
  expect(read.sort()).toEqual(Object.keys(INPUTS).sort());
});

test('action.yml describes exactly the outputs that the Action sets', () => {
  expect(action.outputs).toEqual(OUTPUTS);
});

test('GitHub runs the bundle with Node 24 and shows it with an icon', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  expect(action.branding).toEqual({ icon: 'git-merge', color: 'blue' });
  expect(action.name).toBe('Gateway rollout');
  expect(action.description.length).toBeLessThan(125);
});

test('inputs that make no sense are told all at once', () => {
  const inputs = readInputs(
    (name) => ({ command: 'chek', summary: 'yes', 'api-key': 'kept' })[name as string] ?? '',
  );
  expect(inputs.settings.apiKey).toBe('kept');
  expect(inputs.problems).toMatchInlineSnapshot(`
    [
      "The input command is "chek". Expected check, inventory, config, exec, observe, app.",
      "The input summary is "yes". Expected true or false.",
    ]
  `);
});
