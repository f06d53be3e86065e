/** Checks a config's policy against what the default branch uses: whether the repository may move at all. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import type { Config } from '../src/config/schema.ts';
import { takeInventory } from '../src/inventory/inventory.ts';
import type { Finding } from '../src/inventory/readiness.ts';
import { MAX_FILE_BYTES, skipByName } from '../src/inventory/skip.ts';
import { at, defaultRef, type Repository } from './repository.ts';

/** Sites that a sentence names; the command `inventory` lists all. */
const MOST_SITES = 5;

/**
 * Why the rollout must not start, one sentence each with its sites; empty when it may.
 * @throws GitHub's error where the default branch cannot be read
 */
export async function findPolicyRefusals(repository: Repository, config: Config): Promise<readonly string[]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'gateway-rollout-'));
  try {
    await unpackDefaultBranch(repository, directory);
    const { compliance_contract, allow_experimental } = config.policy;
    const policy = { complianceContract: compliance_contract, allowExperimental: allow_experimental };
    const { readiness } = await takeInventory(directory, { policy });
    return readiness.findings.filter(({ severity }) => severity === 'block').map(sentenceOf);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function sentenceOf({ message, places }: Finding): string {
  if (places.length === 0) return message;
  const named = places.slice(0, MOST_SITES).map(({ file, line }) => `${file}:${line}`);
  const more = places.length - named.length;
  return `${message} (${named.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

/** Writes only files that the inventory would open, and nothing outside of the directory. */
async function unpackDefaultBranch(repository: Repository, directory: string): Promise<void> {
  const { data } = await repository.octokit.rest.repos.downloadTarballArchive({
    ...at(repository),
    ref: defaultRef(repository),
    // Streams the archive, since a repository may be larger than memory.
    request: { parseSuccessResponseBody: false },
  });
  if (!(data instanceof ReadableStream)) throw new Error('GitHub sent no archive of the default branch.');
  const entries = extract();
  await Promise.all([
    pipeline(Readable.fromWeb(data), createGunzip(), entries),
    writeEntries(entries, directory),
  ]);
}

async function writeEntries(entries: Extract, directory: string): Promise<void> {
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header;
    const inside = type === 'file' && size <= MAX_FILE_BYTES ? insideOf(name) : null;
    if (inside === null || skipByName(inside) !== null) {
      entry.resume();
      continue;
    }
    const destination = path.join(directory, inside);
    await mkdir(path.dirname(destination), { recursive: true });
    await writeFile(destination, await buffer(entry));
  }
}

/** The path without the folder that GitHub puts everything in; null for a path that leads elsewhere. */
function insideOf(name: string): string | null {
  const parts = name.split('/').slice(1);
  const isPlain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part),
  );
  return parts.length > 0 && isPlain ? parts.join('/') : null;
}
