import { expect, it } from 'vitest';
import { Narrator } from './narrator.ts';

/** A narrator, and what it printed. */
function narrating() {
  let text = '';
  const terminal = {
    stdout: (more: string) => {
      text += more;
    },
    stderr: () => undefined,
    color: false,
    columns: 80,
    progress: () => Promise.reject(new Error('The narrator asks for no progress.')),
  };
  return { narrator: new Narrator({ pace: 0, terminal, live: null }), printed: () => text };
}

it('leaves one blank line before a comment, also after the output of a command', async () => {
  const { narrator, printed } = narrating();
  await narrator.chapter('Stage local');
  narrator.quote('mara', 'first');
  narrator.terminal.stdout('4 of 4 questions answered.\n');
  narrator.quote('alice', '/advance-rollout');
  expect(printed()).toMatchInlineSnapshot(`
    "
    1. Stage local

    mara: first
    4 of 4 questions answered.

    alice: /advance-rollout
    "
  `);
});
