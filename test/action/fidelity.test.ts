/** `command: fidelity` as a workflow runs it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptFidelitySchema } from '../../src/check/fidelity/report.ts';
import { temporaryDirectory } from '../support/files.ts';
import { runAction } from '../support/run-action.ts';
import { type ScriptedModels, SIBLING, startScriptedModels } from '../support/scripted-models.ts';

const KEYS = { 'api-key': 'sk-gateway-0123456789abcdef', 'official-api-key': 'sk-official-0123456789abcdef' };

let official: ScriptedModels;
let cheat: ScriptedModels;
beforeAll(async () => {
  official = await startScriptedModels(1);
  cheat = await startScriptedModels(2, { model: () => SIBLING });
});
afterAll(() => Promise.all([official.stop(), cheat.stop()]));

const inputs = () => ({
  ...KEYS,
  command: 'fidelity',
  'base-url': cheat.baseUrl,
  'official-base-url': official.baseUrl,
  'max-cost-usd': '1',
});

test('another model fails the job: annotation, outputs, summary, page, and what the next run continues from', async () => {
  const workspace = temporaryDirectory();
  const run = await runAction({
    workspace,
    inputs: { ...inputs(), html: 'fidelity.html', keep: 'fidelity.json' },
  });
  expect(run.exitCode).toBe(1);
  expect(run.annotations).toEqual([
    expect.stringMatching(
      /^::error::The gateway serves a different model than gpt-4o-mini: .* do not move before it does\./,
    ),
  ]);
  expect(run.outputs).toMatchObject({ verdict: 'other-model', 'reason-code': 'other_model' });
  expect(run.log).toMatch(
    /note: Up to [\d,]+ requests \([\d,]+ tokens\), expected 0\.\d+ USD, never more than 1\.00 USD\./,
  );
  expect(run.summary).toContain('## ❌ Is it the same model? <code>gpt-4o-mini</code>');
  expect(run.summary).toMatch(/\| First control: the official API again \| \d+ \| \d+ \(\d+ %\) \|/);
  expect(run.summary).toContain('Which word is nicer?');
  expect(run.page).toContain('<polyline class="gateway" points="0,600 ');
  const kept = keptFidelitySchema.parse(
    JSON.parse(readFileSync(path.join(workspace, 'fidelity.json'), 'utf8')),
  );
  expect(kept.gateway.pairs).toBeGreaterThan(0);
  for (const key of Object.values(KEYS)) expect(run.everything).not.toContain(key);
});

test('a pull request from a fork has no key: skipped, and nothing is asked', async () => {
  const asked = official.requests.length;
  const head = { repo: { full_name: 'stranger/fork' } };
  const base = { repo: { full_name: 'team/app' } };
  const run = await runAction({
    workspace: temporaryDirectory(),
    inputs: { ...inputs(), 'api-key': '', 'official-api-key': '' },
    eventName: 'pull_request',
    payload: { pull_request: { head, base } },
  });
  expect([run.exitCode, run.outputs['reason-code'], run.outputs.verdict]).toEqual([
    0,
    'no_secrets_on_fork',
    '',
  ]);
  expect(official.requests.length).toBe(asked);
});
