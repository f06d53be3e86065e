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
`;
const COMPLETE = {
  '.github/workflows/gateway-observe.yml': 'on: schedule\n',
  '.github/workflows/staging.yml': 'on: push\n',
  '.github/workflows/nightly.yml': 'on: push\n',
  'deploy/flags.json': '{ "split": [0], "a/b": 100 }',
  'deploy/route.yaml': 'kind: Service\n---\nspec: { weights: [100, 0] }\n',
};

let root: string;

beforeEach(async () => {
  root = temporaryDirectory();
  await mkdir(join(root, '.git'));
});

/** The warnings in a checkout that holds these files. */
function warningsIn(files: Files): string[] {
  writeFiles(root, files);
  const loaded = loadConfig(CONFIG, 'rollout.yml', checkoutAt(root));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.warnings.map(formatProblem);
}

describe('what the config names and the checkout lacks', () => {
  it('is warned of, each at its place, with what it leads to', async () => {
    expect(warningsIn({})).toMatchInlineSnapshot(`
      [
        "rollout.yml:3:37 measure.workflow: .github/workflows/gateway-observe.yml is no file of this checkout, so the App gets no measurement; expected the name of a workflow on the default branch",
        "rollout.yml:6:28 rollout.gates.staging.workflows[0]: .github/workflows/staging.yml is no file of this checkout, so the gate is never met; expected the name of a workflow on the default branch",
        "rollout.yml:7:28 rollout.gates.default.workflows[0]: .github/workflows/nightly.yml is no file of this checkout, so the gate is never met; expected the name of a workflow on the default branch",
        "rollout.yml:9:19 traffic[0].file.path: deploy/flags.json is no file of this checkout, so no share can be written to it; expected a JSON or YAML file on the default branch",
        "rollout.yml:10:19 traffic[1].file.path: deploy/route.yaml is no file of this checkout, so no share can be written to it; expected a JSON or YAML file on the default branch",
      ]
    `);
  });

  it('is nothing where all of it is there; a branch of its own is not looked at', async () => {
    expect(warningsIn(COMPLETE)).toEqual([]);
  });

  it('may be a place within a file', async () => {
    const moved = { ...COMPLETE, 'deploy/flags.json': '{ "split": [] }', 'deploy/route.yaml': 'spec: {}\n' };
    expect(warningsIn(moved)).toMatchInlineSnapshot(`
      [
        "rollout.yml:9:55 traffic[0].file.set["/split/0"]: /split/0 does not exist in deploy/flags.json, so no share can be written there; expected the place of a number that stands in the file",
        "rollout.yml:9:71 traffic[0].file.set["/a~1b"]: /a~1b does not exist in deploy/flags.json, so no share can be written there; expected the place of a number that stands in the file",
        "rollout.yml:10:64 traffic[1].file.set["spec.weights[1]"]: spec.weights[1] does not exist in deploy/route.yaml, so no share can be written there; expected the place of a number that stands in the file",
      ]
    `);
  });

  it('is left to the App where a file is no YAML, or JSON with comments', async () => {
    const unread = { 'deploy/flags.json': '{ // a comment\n "split": [0] }', 'deploy/route.yaml': 'spec: {' };
    expect(warningsIn({ ...COMPLETE, ...unread })).toEqual([]);
  });

  it('is not known outside of a checkout', async () => {
    await rm(join(root, '.git'), { recursive: true });
    expect(checkoutAt(root)).toBe(null);
    expect(warningsIn({})).toEqual([]);
  });
});
