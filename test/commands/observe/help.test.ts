import { expect, it } from 'vitest';
import { helpNotes } from '../../../src/commands/help.ts';
import { OBSERVE_NOTES } from '../../../src/commands/observe/help.ts';

it('the help names every variable that is read', () => {
  expect(helpNotes(OBSERVE_NOTES, 80)).toMatchSnapshot();
});
