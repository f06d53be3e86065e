import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdWatch } from '../../../src/measure/recorder/id-watch.ts';

describe('the ids of failed requests in the output of a program', () => {
  it('are found anywhere', () => {
    const watch = new IdWatch();
    for (const id of ['req_1a', 'req_2b', 'req_3c']) watch.expect(id);
    watch.scan('stderr', Buffer.from('error: (request id: req_1a)\nerror: req_1a\n'));
    watch.scan('stdout', Buffer.from('{"id":"req_2b"}'));
    expect(['req_1a', 'req_2b', 'req_3c'].map((id) => watch.has(id))).toEqual([true, true, false]);
  });

  it('are found across pieces of output, but not across the two streams', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(25), (size, lead) => {
        const watch = new IdWatch();
        watch.expect('req_0123456789');
        const bytes = Buffer.from(`${'é'.repeat(lead)} req_0123456789 und so weiter`);
        for (let at = 0; at < bytes.length; at += size) watch.scan('stdout', bytes.subarray(at, at + size));
        return watch.has('req_0123456789');
      }),
    );
    const watch = new IdWatch();
    watch.expect('req_0123456789');
    watch.scan('stdout', Buffer.from('req_0123'));
    watch.scan('stderr', Buffer.from('456789'));
    expect(watch.has('req_0123456789')).toBe(false);
  });

  it('are found in what was written a moment before they became known', () => {
    const watch = new IdWatch();
    watch.scan('stdout', Buffer.from('failed: req_early\n'));
    watch.expect('req_early');
    expect(watch.has('req_early')).toBe(true);
  });
});
