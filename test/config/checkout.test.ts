import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkoutAt } from '../../src/config/files.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { type Files, temporaryDirectory, writeFiles } from '../support/files.ts';

const CONFIG = `gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
measure: { source: jsonl, workflow: gateway-observe.yml }
rollout:
  gates:
    staging: { workflows: [staging.yml] }
    default: { workflows: [nightly.yml] }
traffic:
  - file: { path: deploy/flags.json, set: { /split/0: share, "/a~1b": rest } }
  - file: { path: deploy/route.yaml, set: { "spec.weights[1]": share } }
  - file: { path: deploy/elsewhere.json, branch: weights, set: { /share: share } }
  - workflow: { file: gateway-traffic.yml }
`;
const COMPLETE = {
  '.github/workflows/gateway-observe.yml': 'on: schedule\n',
  '.github/workflows/staging.yml': 'on: push\n',
  '.github/workflows/nightly.yml': 'on: push\n',
  '.github/workflows/gateway-traffic.yml': 'on: { workflow_dispatch: { inputs: { share: , payload: } } }\n',
  'deploy/flags.json': '{ "split": [0], "a/b": 100 }',
  'deploy/route.yaml': 'kind: Service\n---\nspec: { weights: [100, 0] }\n',
};

let root: string;

beforeEach(async () => {
  root = temporaryDirectory();
  await mkdir(join(root, '.git'));
});

/** The warnings in a checkout that holds these files. */
function warningsIn(files: Files, text: string = CONFIG): string[] {
  writeFiles(root, files);
  const loaded = loadConfig(text, 'rollout.yml', checkoutAt(root));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.warnings.map(formatProblem);
}

describe('what the config names and the checkout lacks', () => {
  it('gets a warning at its line, with the consequence', async () => {
    expect(warningsIn({})).toMatchInlineSnapshot(`
      [
        "rollout.yml:3:37 measure.workflow: .github/workflows/gateway-observe.yml does not exist in this checkout, so the App won't get any measurements; expected the name of a workflow on the default branch",
        "rollout.yml:6:28 rollout.gates.staging.workflows[0]: .github/workflows/staging.yml does not exist in this checkout, so the gate is never met; expected the name of a workflow on the default branch",
        "rollout.yml:7:28 rollout.gates.default.workflows[0]: .github/workflows/nightly.yml does not exist in this checkout, so the gate is never met; expected the name of a workflow on the default branch",
        "rollout.yml:12:23 traffic[3].workflow.file: .github/workflows/gateway-traffic.yml does not exist in this checkout, so no share can be applied; expected the name of a workflow on the default branch",
        "rollout.yml:9:19 traffic[0].file.path: deploy/flags.json does not exist in this checkout, so no share can be written to it; expected a JSON or YAML file on the default branch",
        "rollout.yml:10:19 traffic[1].file.path: deploy/route.yaml does not exist in this checkout, so no share can be written to it; expected a JSON or YAML file on the default branch",
      ]
    `);
  });

  it('gets no warning if everything exists; a separate branch is not checked', async () => {
    expect(warningsIn(COMPLETE)).toEqual([]);
  });

  it('may be a value inside a file', async () => {
    const moved = { ...COMPLETE, 'deploy/flags.json': '{ "split": [] }', 'deploy/route.yaml': 'spec: {}\n' };
    expect(warningsIn(moved)).toMatchInlineSnapshot(`
      [
        "rollout.yml:9:55 traffic[0].file.set["/split/0"]: in deploy/flags.json, /split/0 does not exist; expected a number, or text that is a number, from 0 to 100",
        "rollout.yml:9:71 traffic[0].file.set["/a~1b"]: in deploy/flags.json, /a~1b does not exist; expected a number, or text that is a number, from 0 to 100",
        "rollout.yml:10:64 traffic[1].file.set["spec.weights[1]"]: in deploy/route.yaml, spec.weights[1] does not exist; expected a number, or text that is a number, from 0 to 100",
      ]
    `);
  });

  it('may be a file that can be read, and the warning says why it cannot', () => {
    const unread = { 'deploy/flags.json': 'not json', 'deploy/route.yaml': 'spec: {' };
    expect(warningsIn({ ...COMPLETE, ...unread })).toMatchInlineSnapshot(`
      [
        "rollout.yml:9:19 traffic[0].file.path: deploy/flags.json is not valid JSON (line 1: invalid symbol), so no share can be written to it; expected a JSON or YAML file on the default branch",
        "rollout.yml:10:19 traffic[1].file.path: deploy/route.yaml is not valid YAML (Flow map in block collection must be sufficiently indented and end with a } at line 1, column 8), so no share can be written to it; expected a JSON or YAML file on the default branch",
      ]
    `);
    const unclosed = { 'deploy/flags.json': '{ "split": [0], "a/b": 100' };
    expect(warningsIn({ ...COMPLETE, ...unclosed })).toMatchInlineSnapshot(`
      [
        "rollout.yml:9:19 traffic[0].file.path: deploy/flags.json is not valid JSON (line 1: close brace expected), so no share can be written to it; expected a JSON or YAML file on the default branch",
      ]
    `);
  });

  it('may be a number, if the file has something else', () => {
    const wrong = {
      'deploy/flags.json': '{ "split": [true], "a/b": "off" }',
      'deploy/route.yaml': 'spec: { weights: [100, 250] }\n',
    };
    expect(warningsIn({ ...COMPLETE, ...wrong })).toMatchInlineSnapshot(`
      [
        "rollout.yml:9:55 traffic[0].file.set["/split/0"]: in deploy/flags.json, /split/0 is true; expected a number, or text that is a number, from 0 to 100",
        "rollout.yml:9:71 traffic[0].file.set["/a~1b"]: in deploy/flags.json, /a~1b is text that is not a number; expected a number, or text that is a number, from 0 to 100",
        "rollout.yml:10:64 traffic[1].file.set["spec.weights[1]"]: in deploy/route.yaml, spec.weights[1] is 250; expected a number, or text that is a number, from 0 to 100",
      ]
    `);
  });

  it('gets no warning for numbers as text, with a percent sign, or in JSON with comments', () => {
    const other = {
      'deploy/flags.json': '{ // a comment\n "split": ["5 %"], "a/b": "95", }',
      'deploy/route.yaml': '\ufeffspec: { weights: [100, 0.5] }\n',
    };
    expect(warningsIn({ ...COMPLETE, ...other })).toEqual([]);
  });

  it.each([
    ['on: push\n', 'share and payload'],
    ['on: [push, workflow_dispatch]\n', 'share and payload'],
    ['on: { workflow_dispatch: }\n', 'share and payload'],
    ['on: { workflow_dispatch: { inputs: { share: { type: number } } } }\n', 'payload'],
    ['on: {\n', 'share and payload'],
  ])('may be an input of the workflow that applies the share: %j', (workflow, missing) => {
    expect(warningsIn({ ...COMPLETE, '.github/workflows/gateway-traffic.yml': workflow })).toEqual([
      `rollout.yml:12:23 traffic[3].workflow.file: .github/workflows/gateway-traffic.yml lacks ${missing} among the inputs of workflow_dispatch, so the App cannot start it; expected a workflow that workflow_dispatch starts, with the inputs share and payload`,
    ]);
  });

  it('may be a fraction, which ends at 1', () => {
    const text = CONFIG.replace('"/a~1b": rest', '"/a~1b": fraction');
    const files = { ...COMPLETE, 'deploy/flags.json': '{ "split": [0], "a/b": 5 }' };
    expect(warningsIn(files, text)).toEqual([expect.stringMatching(/is 5; .*from 0 to 1$/)]);
  });

  it('is not known outside of a checkout', async () => {
    await rm(join(root, '.git'), { recursive: true });
    expect(checkoutAt(root)).toBe(null);
    expect(warningsIn({})).toEqual([]);
  });
});
