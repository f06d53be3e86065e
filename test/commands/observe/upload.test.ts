import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { uploadMeasurement } from '../../../src/commands/observe/upload.ts';
import { startArtifactService } from '../../support/artifact-service.ts';
import { temporaryDirectory } from '../../support/files.ts';

const DAY = 86_400_000;
const LINE = '{"schema":1}\n';

let directory = '';
let file = '';

beforeEach(async () => {
  directory = temporaryDirectory();
  file = join(directory, 'measurements.jsonl');
  await writeFile(file, LINE);
  // The library tells its progress there.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  for (const name of ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'GITHUB_SERVER_URL'])
    vi.stubEnv(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function service() {
  const started = await startArtifactService();
  for (const [name, value] of Object.entries(started.environment)) vi.stubEnv(name, value);
  return started;
}

it('a job uploads the measurement under the name that the App looks for, and keeps it over a long weekend', async () => {
  const { artifacts } = await service();
  expect(await uploadMeasurement(file)).toEqual({ kind: 'uploaded', id: 4711 });
  const artifact = artifacts.get('gateway-rollout-measurement');
  expect(onlyFile(artifact?.zip ?? Buffer.alloc(0))).toEqual({ name: 'measurements.jsonl', content: LINE });
  const left = Date.parse(artifact?.expiresAt ?? '') - Date.now();
  expect(left).toBeGreaterThan(4 * DAY);
  expect(left).toBeLessThanOrEqual(5 * DAY);
});

it('a second measurement of the same run is an error that says why', async () => {
  await service();
  await uploadMeasurement(file);
  expect(await uploadMeasurement(file)).toMatchObject({
    kind: 'error',
    reasonCode: 'artifact_not_uploaded',
    message: expect.stringContaining('already exists on the workflow run'),
  });
});

it('outside GitHub Actions it says what is missing', async () => {
  expect(await uploadMeasurement(file)).toMatchObject({
    kind: 'error',
    message: expect.stringContaining('Expected a job of GitHub Actions'),
  });
});

it('on GitHub Enterprise Server it says how to measure instead', async () => {
  await service();
  vi.stubEnv('GITHUB_SERVER_URL', 'https://github.example.com');
  expect(await uploadMeasurement(file)).toMatchObject({
    kind: 'error',
    message: expect.stringContaining('Remove measure.workflow from the config'),
  });
});

it('a file that does not exist is an error', async () => {
  const { artifacts } = await service();
  expect(await uploadMeasurement(join(directory, 'missing.jsonl'))).toMatchObject({ kind: 'error' });
  expect(artifacts.size).toBe(0);
});

/** The entry of a zip of one file, by its local header (APPNOTE 4.3.7), where sizes may come after the data. */
function onlyFile(zip: Buffer) {
  const [nameLength, extraLength] = [zip.readUInt16LE(26), zip.readUInt16LE(28)];
  const data = zip.subarray(30 + nameLength + extraLength);
  return { name: zip.toString('utf8', 30, 30 + nameLength), content: String(inflateRawSync(data)) };
}
