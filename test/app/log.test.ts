import { describe, expect, it } from 'vitest';
import { createLog } from '../../app/log.ts';

describe('the log of the App', () => {
  it('holds no secret in any field, line breaks included', () => {
    const lines: string[] = [];
    const secrets = ['hook-secret-1234', '-----BEGIN KEY-----\nabc\n-----END KEY-----\n'];
    const log = createLog('info', secrets, { write: (line: string) => void lines.push(line) });
    log.info({ nested: { key: secrets[1] } }, `signed with ${secrets[0]}`);
    log.error({ err: new Error(`cannot use ${secrets[0]}`) }, 'failed');
    const text = lines.join('');
    expect(lines).toHaveLength(2);
    expect(text).not.toContain('hook-secret');
    expect(text).not.toContain('abc');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'gateway-rollout', msg: 'signed with ***' });
  });

  it("names the part of the program once in each line, even for Probot's nested loggers", () => {
    const lines: string[] = [];
    const log = createLog('info', [], { write: (line: string) => void lines.push(line) });
    log.child({ name: 'probot' }).child({ name: 'octokit' }).info('asked');
    expect(lines.join('').match(/"name":"[^"]*"/g)).toEqual(['"name":"octokit"']);
    expect(lines[0]).toMatch(/^\{"level":30,.*"msg":"asked"\}\n$/);
  });
});
