import { describe, expect, it } from 'vitest';
import { resolveHeaders } from '../../src/config/headers.ts';

describe('headers of the gateway', () => {
  it('take values from the environment, which are to be masked', () => {
    const headers = {
      'X-Config': `pc-\${GATEWAY_CONFIG}`,
      Authorization: `Basic \${GATEWAY_LOGIN}`,
      'x-team': 'search',
    };
    const env = { GATEWAY_CONFIG: 'abc', GATEWAY_LOGIN: ' c2VjcmV0 ', HOME: '/root' };
    expect(resolveHeaders(headers, env)).toEqual({
      ok: true,
      headers: { 'x-config': 'pc-abc', authorization: 'Basic c2VjcmV0', 'x-team': 'search' },
      secrets: ['abc', 'c2VjcmV0'],
    });
  });

  it('name every variable that is missing or empty', () => {
    const resolved = resolveHeaders({ 'x-a': `\${GATEWAY_A}`, 'x-b': `\${GATEWAY_B}` }, { GATEWAY_B: '  ' });
    expect(resolved).toMatchInlineSnapshot(`
      {
        "message": "gateway.headers: the header x-a needs the environment variable GATEWAY_A, which is not set; the header x-b needs the environment variable GATEWAY_B, which is not set. Set it in the environment of this run, or remove the header.",
        "ok": false,
      }
    `);
  });

  it('refuse a value that would break the request, without repeating it', () => {
    const resolved = resolveHeaders({ 'x-a': `\${GATEWAY_A}` }, { GATEWAY_A: 'a\r\nhost: evil' });
    expect(resolved).toMatchInlineSnapshot(`
      {
        "message": "gateway.headers: the variable GATEWAY_A contains a line break or a character that is not allowed in a header. Set it in the environment of this run, or remove the header.",
        "ok": false,
      }
    `);
  });

  it('read no variable that does not begin with GATEWAY_', () => {
    expect(resolveHeaders({ 'x-a': `\${AWS_SECRET}` }, { AWS_SECRET: 'abc' })).toEqual({
      ok: true,
      headers: { 'x-a': `\${AWS_SECRET}` },
      secrets: [],
    });
  });

  it('take a value as it is, even where it looks like a placeholder', () => {
    const env = { GATEWAY_A: `\${GATEWAY_B} $& $1`, GATEWAY_B: 'b' };
    expect(resolveHeaders({ 'x-a': `\${GATEWAY_A}` }, env)).toMatchObject({
      headers: { 'x-a': `\${GATEWAY_B} $& $1` },
    });
  });
});
