import { expect, it } from 'vitest';
import { Narrator } from './narrator.ts';

/** A narrator whose words are kept. */
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
  return { narrator: new Narrator({ pace: 0, terminal, live: null }), told: () => text };
}

it('leaves one blank line before a comment, also after what a command has written', async () => {
  const { narrator, told } = narrating();
  await narrator.chapter('Stage local');
  narrator.quote('mara', 'first');
  narrator.terminal.stdout('4 of 4 questions answered.\n');
  narrator.quote('alice', '/advance-rollout');
  expect(told()).toMatchInlineSnapshot(`
    "
    1. Stage local

    mara: first
    4 of 4 questions answered.

    alice: /advance-rollout
    "
  `);
});
