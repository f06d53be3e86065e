import { describe, expect, it } from 'vitest';
import { LEAST, problemsOf } from './configs.ts';

const KEY = `sk-${'proj'}-${'a1B2'.repeat(6)}`;

describe('a secret in the file', () => {
  it('is refused by its name, and its value is never repeated', () => {
    const problems = problemsOf(
      `${LEAST}api_key: hunter2\nmeasure: { source: jsonl, admin_token: [hunter2] }`,
    );
    expect(problems).not.toContain('hunter2');
    expect(problems).toMatchInlineSnapshot(`
      "rollout.yml:3:1 api_key: this looks like a secret, and secrets don't belong in this file; expected keys in the inputs of the Action or in the environment; revoke the secret if it was ever pushed
      rollout.yml:4:27 measure.admin_token: this looks like a secret, and secrets don't belong in this file; expected keys in the inputs of the Action or in the environment; revoke the secret if it was ever pushed"
    `);
  });

  it.each([
    ['a setting', `name: ${KEY}`],
    ['a text', `check: { ignore: { request_id: "see ${KEY}" } }`],
    ['an unknown key', `${KEY}: 1`],
    ['a wrong type', `client: { timeout: "${KEY}" }`],
    ['a stage', `rollout: { stages: [${KEY}] }`],
    ['a gate', `rollout: { gates: { "${KEY}": { approvals: 1 } } }`],
    ['an anchor', `name: &${KEY} a\nworkloads: [&${KEY} b]`],
    ['an alias', `name: *${KEY}`],
    ['a list', `workloads: [${KEY}, ${KEY}]`],
    ['broken YAML', `name: [${KEY}\nclient: @${KEY}`],
  ])('is not repeated as %s', (_, text) => {
    const problems = problemsOf(LEAST + text);
    expect(problems).not.toBe('valid');
    expect(problems).not.toContain(KEY);
  });

  it('has a way into a header: the environment', () => {
    const withHeader = (value: string) =>
      problemsOf(
        `gateway: { base_url: "https://zivv.pro/v1", headers: { authorization: "${value}" } }\nmodels: [o3]`,
      );
    expect(withHeader(`Bearer \${GATEWAY_TOKEN}`)).toBe('valid');
    expect(withHeader('Bearer hunter2hunter2')).toMatchInlineSnapshot(
      `"rollout.yml:1:56 gateway.headers.authorization: this looks like a secret, and secrets don't belong in this file; expected a value such as \${GATEWAY_…}, read from the environment; revoke the secret if it was ever pushed"`,
    );
  });

  it('is not suspected in names of probes and labels', () => {
    const text = `${LEAST}check: { ignore: { auth.disabled_key: no such key } }\nmeasure: { source: prometheus, labels: { token: input } }`;
    expect(problemsOf(text)).toBe('valid');
  });
});
