import { expect, test } from 'vitest';
import { internalErrorText } from '../../src/commands/internal-error.ts';

const KEY = 'gw-key-0123456789abcdef';
const bug = new TypeError(`cannot read 'x' of\nundefined, key ${KEY}`);

test('a bug is one line without the key', () => {
  expect(internalErrorText(bug, [KEY], {})).toMatchInlineSnapshot(
    `"internal error: TypeError: cannot read 'x' of undefined, key ***. This is a bug in gateway-rollout. Please report it with the output under GATEWAY_ROLLOUT_DEBUG=1."`,
  );
});

test('the stack is shown on demand, without the key', () => {
  const text = internalErrorText(bug, [KEY], { GATEWAY_ROLLOUT_DEBUG: '1' });
  expect(text).toMatch(/^\s+at /m);
  expect(text).not.toContain(KEY);
});

test('anything can be thrown, not only errors', () => {
  expect(internalErrorText('broken', [], {})).toMatch(/^internal error: broken\./);
});
