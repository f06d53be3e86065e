import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Hazard, hazardsIn } from './hazards.ts';
import { listFiles } from './list.ts';
import { FileReader } from './read.ts';
import { assessReadiness, isSetting, type MigrationPolicy, type Readiness } from './readiness.ts';
import { prepare, scanFile } from './scan.ts';
import { API_FEATURES, type ApiFeature, ENDPOINTS, type Endpoint, type Site } from './site.ts';
import { isGenerated, type SkipReason, skipByName } from './skip.ts';

/** What a repository uses of the API, as the command prints it with `--json`. */
export interface Inventory {
  readonly schema: 1;
  /** The directory, as it was given. */
  readonly root: string;
  readonly files: FileCounts;
  /** By file, then in the order of the text. */
  readonly sites: readonly Site[];
  /** Used by the product's code, in the order of {@link ENDPOINTS}. */
  readonly endpoints: readonly Endpoint[];
  /** Used by the product's code, in the order of {@link API_FEATURES}. */
  readonly features: readonly ApiFeature[];
  /** Models that the product's code or configuration names for use, alphabetically. */
  readonly models: readonly string[];
  readonly hazards: readonly Hazard[];
  readonly readiness: Readiness;
}

/** How many files there were, and what became of them: `listed` is `read` and all `skipped` together. */
export interface FileCounts {
  readonly listed: number;
  readonly read: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Bytes that were read. */
  readonly bytes: number;
}

export interface InventoryOptions {
  /** What the team accepts to move, from its configuration; nothing, where it has none. */
  readonly policy?: MigrationPolicy;
  /** Called from time to time while files are read. */
  readonly onProgress?: (progress: { readonly listed: number; readonly read: number }) => void;
}

/** The tree could not be looked at; the message is for people. */
export class InventoryError extends Error {
  override readonly name = 'InventoryError';
}

/**
 * Read a repository, or any directory, and tell what it uses of the API. Files that cannot or need not be searched
 * are counted by reason. Memory does not grow with the tree, only with what is found.
 *
 * @throws {InventoryError} when `root` is no directory that can be read
 */
export async function takeInventory(root: string, options: InventoryOptions = {}): Promise<Inventory> {
  const directory = resolve(root);
  requireDirectory(directory, root);
  const reader = new FileReader();
  const counts = { listed: 0, read: 0, bytes: 0 };
  const skipped: Partial<Record<SkipReason, number>> = {};
  const sites: Site[] = [];
  const hazards: Hazard[] = [];
  for await (const listed of listFiles(directory)) {
    const looks =
      listed.kind === 'skipped' ? [listed] : listed.paths.map((path) => lookAt(path, directory, reader));
    for (const look of looks) {
      counts.listed += 1;
      if (look.kind === 'skipped') {
        skipped[look.reason] = (skipped[look.reason] ?? 0) + 1;
      } else {
        counts.read += 1;
        counts.bytes += look.bytes;
        sites.push(...look.sites);
        hazards.push(...look.hazards);
      }
    }
    options.onProgress?.(counts);
  }
  return summarize(root, { ...counts, skipped }, sites, hazards, options.policy);
}

/** What one file holds, or why it was not searched. */
type Look =
  | {
      readonly kind: 'read';
      readonly bytes: number;
      readonly sites: readonly Site[];
      readonly hazards: readonly Hazard[];
    }
  | { readonly kind: 'skipped'; readonly reason: SkipReason };

function lookAt(path: string, directory: string, reader: FileReader): Look {
  const unopened = skipByName(path);
  if (unopened !== null) return { kind: 'skipped', reason: unopened };
  const reading = reader.read(join(directory, path));
  if (reading.kind === 'skipped') return reading;
  if (reading.kind === 'nothing') return { kind: 'read', bytes: reading.bytes, sites: [], hazards: [] };
  if (isGenerated(path, reading.text)) return { kind: 'skipped', reason: 'generated' };
  const file = prepare(path, reading.text);
  return { kind: 'read', bytes: reading.bytes, sites: scanFile(file), hazards: hazardsIn(file) };
}

/** A model that is read from the environment is reported by the variable's name. */
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;

function summarize(
  root: string,
  files: FileCounts,
  found: readonly Site[],
  dangers: readonly Hazard[],
  policy: MigrationPolicy | undefined,
): Inventory {
  const sites = found.toSorted(byPlace);
  const hazards = dangers.toSorted(byPlace);
  const used = usedSites({ sites });
  const values = (kind: Site['kind']): Set<string> =>
    new Set(used.filter((site) => site.kind === kind).map(({ value }) => value));
  const endpoints = values('endpoint');
  const features = values('feature');
  const models = used.filter(
    (site) => site.kind === 'model' && isSetting(site) && !VARIABLE.test(site.value),
  );
  return {
    schema: 1,
    root,
    files,
    sites,
    endpoints: ENDPOINTS.filter((endpoint) => endpoints.has(endpoint)),
    features: API_FEATURES.filter((feature) => features.has(feature)),
    models: [...new Set(models.map(({ value }) => value))].sort(),
    hazards,
    readiness: assessReadiness(used, hazards, policy),
  };
}

/** What the product's own code does, as far as that is certain enough to act on. */
export function usedSites({ sites }: Pick<Inventory, 'sites'>): Site[] {
  return sites.filter(({ scope, confidence }) => scope === 'code' && confidence !== 'low');
}

/** The product's settings that only an edit of the code can change. */
export function hardCodedSites(inventory: Pick<Inventory, 'sites'>): Site[] {
  return usedSites(inventory).filter((site) => site.hardCoded && isSetting(site));
}

type Place = Pick<Site, 'file' | 'line' | 'column'>;

/** By file name as bytes are compared, so that every machine gives the same order. */
function byPlace(a: Place, b: Place): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function requireDirectory(directory: string, given: string): void {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new InventoryError(`There is no directory "${given}". Give the path of the repository to read.`);
  }
  if (!stats.isDirectory()) {
    throw new InventoryError(`"${given}" is a file. Give the directory of the repository to read.`);
  }
}
