import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runConfigCommand } from '../../src/commands/config.ts';
import { FILE, fixture, valid } from '../config/configs.ts';
import { temporaryDirectory } from '../support/files.ts';

let cwd = '';

beforeEach(async () => {
  cwd = temporaryDirectory();
  await mkdir(join(cwd, '.github'));
});

async function run(
  text: string | null,
  options: { json?: boolean; config?: string; name?: string; quiet?: boolean; from?: string } = {},
) {
  if (text !== null) await writeFile(join(cwd, '.github', 'gateway-rollout.yml'), text);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const code = await runConfigCommand(
    { json: false, ...options, cwd: join(cwd, options.from ?? '') },
    { stdout: (part) => stdout.push(part), stderr: (part) => stderr.push(part) },
  );
  return { code, stdout: stdout.join(''), stderr: stderr.join('').replaceAll(cwd, '<root>') };
}

describe('gateway-rollout config', () => {
  it('prints the effective config, and warnings beside it', async () => {
    const { code, stdout, stderr } = await run(fixture('least.yml'));
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 5)).toMatchInlineSnapshot(`
      [
        "# Effective config: .github/gateway-rollout.yml with every default filled in.",
        "official:",
        "  base_url: https://api.openai.com/v1",
        "gateway:",
        "  base_url: https://gateway.example/v1",
      ]
    `);
    expect(stderr).toMatchInlineSnapshot(`
      "warning: .github/gateway-rollout.yml:1:1 measure: there is no metrics source, so the gates of 5%, 25%, 50%, 100% have no data and cannot pass; expected a source under measure, or manual: true in these gates
      .github/gateway-rollout.yml: valid, 1 warning
      "
    `);
    expect(valid(stdout)).toEqual(valid(fixture('least.yml')));
  });

  it('prints JSON on request, which is a config too', async () => {
    const { code, stdout, stderr } = await run(fixture('all.yml'), { json: true });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: '.github/gateway-rollout.yml: valid, no warnings\n',
    });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'assistant', client: { timeout: '30s' } });
    expect(valid(stdout)).toEqual(valid(fixture('all.yml')));
  });

  it('reports every problem and exits with 2', async () => {
    expect(await run('gateway: { base_url: x }\nclient: { timeout: 30 }\n')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "error: .github/gateway-rollout.yml:1:1 models: the setting is missing; expected a list of names, or a map: name in your code → name on the gateway
      error: .github/gateway-rollout.yml:1:22 gateway.base_url: this is not an http(s) URL; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment
      error: .github/gateway-rollout.yml:2:20 client.timeout: 30 is not accepted; expected a duration such as 30s, 15m, 24h, 7d
      3 problems in the config. All settings: https://github.com/gateway-rollout/gateway-rollout/blob/main/src/config/README.md
      ",
        "stdout": "",
      }
    `);
  });

  it('warns of files that the checkout lacks, but not outside a checkout', async () => {
    const text = `${fixture('least.yml')}measure: { source: jsonl, workflow: gateway-observe.yml }\n`;
    expect((await run(text)).stderr).not.toContain('warning:');
    await mkdir(join(cwd, '.git'));
    expect((await run(text)).stderr).toContain(
      'measure.workflow: .github/workflows/gateway-observe.yml does not exist in this checkout',
    );
  });

  it('hides the control characters of a file from the terminal', async () => {
    const { code, stderr } = await run('models: [a]\n"\\e[2Jgateway": {}\n');
    expect(code).toBe(2);
    expect(stderr).toContain('gateway" is unknown');
    expect(stderr).not.toContain('\u001b');
  });

  it('ends with the verdict, and says no more with --quiet', async () => {
    const { stdout, stderr } = await run(fixture('least.yml'), { quiet: true });
    expect(stdout).toBe('');
    expect(stderr.split('\n').at(-2)).toBe('.github/gateway-rollout.yml: valid, 1 warning');
  });

  it('finds the config of the checkout from a subfolder, and a named one from there', async () => {
    await mkdir(join(cwd, '.git'));
    await mkdir(join(cwd, 'services/chat'), { recursive: true });
    expect((await run(fixture('least.yml'), { from: 'services/chat' })).code).toBe(0);
    expect((await run(null, { from: 'services/chat', config: 'own.yml' })).stderr).toContain(
      'own.yml: the file',
    );
  });

  it('reads the named file', async () => {
    await writeFile(join(cwd, FILE), fixture('all.yml'));
    expect((await run('broken: [', { config: FILE })).code).toBe(0);
    expect((await run('broken: [', { config: join(cwd, FILE) })).code).toBe(0);
  });

  it('says when there is nothing to read', async () => {
    expect(await run(null)).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "error: .github/gateway-rollout.yml: there is no config in <root>; expected .github/gateway-rollout.yml in the root of the repository (at least {gateway: {base_url: https://gateway.example/v1}, models: [gpt-4o-mini]}), or its path in --config (in a workflow: the input config)
      1 problem in the config. All settings: https://github.com/gateway-rollout/gateway-rollout/blob/main/src/config/README.md
      ",
        "stdout": "",
      }
    `);
    expect((await run(null, { config: 'nowhere.yml' })).stderr).toMatchInlineSnapshot(`
      "error: nowhere.yml: the file does not exist; expected the path of a readable config
      1 problem in the config. All settings: https://github.com/gateway-rollout/gateway-rollout/blob/main/src/config/README.md
      "
    `);
  });
});
