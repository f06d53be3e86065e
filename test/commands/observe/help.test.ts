import { expect, it } from 'vitest';
import { observeHelp } from '../../../src/commands/observe/help.ts';

it('the help names every variable that is read', () => {
  expect(observeHelp()).toMatchSnapshot();
});
