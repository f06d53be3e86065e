import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { INPUTS, readInputs } from '../../src/commands/action/inputs.ts';
import { OUTPUTS } from '../../src/commands/action/outputs.ts';
import { SOURCE_VARIABLES } from '../../src/measure/source-settings.ts';

interface Input {
  readonly description: string;
  readonly required: boolean;
}

const action = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'));

test('action.yml describes exactly the inputs that the Action reads, all optional', () => {
  expect(Object.keys(action.inputs).sort()).toEqual([...INPUTS].sort());
  for (const [name, input] of Object.entries<Input>(action.inputs)) {
    expect(input, name).toMatchObject({ description: expect.any(String), required: false });
  }
});

test('action.yml describes the inputs of the sources as the sources do', () => {
  for (const [source, variables] of Object.entries(SOURCE_VARIABLES)) {
    for (const { name, about } of variables) {
      const input = action.inputs[name.toLowerCase().replaceAll('_', '-')];
      const description = `observe, from ${source}: ${about}. Or the environment variable ${name}.`;
      expect(input).toEqual({ description, required: false });
    }
  }
});

test('an input that is not set has the default of action.yml', () => {
  const { command, summary } = readInputs(() => '');
  expect({ command, summary: String(summary) }).toEqual({
    command: action.inputs.command.default,
    summary: action.inputs.summary.default,
  });
});

test('every input is read, and no other', () => {
  const read: string[] = [];
  readInputs((name) => {
    read.push(name);
    return '';
  });
  expect(read.sort()).toEqual(INPUTS.toSorted());
});

test('action.yml describes exactly the outputs that the Action sets', () => {
  expect(Object.keys(action.outputs)).toEqual(OUTPUTS);
});

test('GitHub runs the bundle with Node 24 and shows it with an icon', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  expect(action.branding).toEqual({ icon: 'git-merge', color: 'blue' });
  expect(action.name).toBe('Gateway rollout');
  expect(action.description.length).toBeLessThan(125);
});

test('all invalid inputs are reported together', () => {
  const inputs = readInputs(
    (name) => ({ command: 'chek', summary: 'yes', 'api-key': 'kept' })[name as string] ?? '',
  );
  expect(inputs.settings.apiKey).toBe('kept');
  expect(inputs.problems).toMatchInlineSnapshot(`
    [
      "The input command is "chek". Expected check, fidelity, inventory, config, exec, observe, app.",
      "The input summary is "yes". Expected true or false.",
    ]
  `);
});
