import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Hazard, hazardsIn } from './hazards.ts';
import { listFiles } from './list.ts';
import { OwnFiles } from './own-files.ts';
import { isSettingsFile, OwnVariables } from './own-variables.ts';
import { mayHoldSites } from './prefilter.ts';
import { FileReader, type FileReading } from './read.ts';
import { assessReadiness, isSetting, type MigrationPolicy, type Readiness } from './readiness.ts';
import { HAZARD_RULES, RULES } from './rules/index.ts';
import { prepare, scanFile } from './scan.ts';
import { API_FEATURES, type ApiFeature, ENDPOINTS, type Endpoint, type Location, type Site } from './site.ts';
import { isGenerated, isRolloutConfig, type SkipReason, skipByName } from './skip.ts';

/** A repository's use of the API, as the command prints it with `--json`. */
export interface Inventory {
  readonly schema: 1;
  /** The directory, as it was given. */
  readonly root: string;
  readonly files: FileCounts;
  /** By file, then by position. */
  readonly sites: readonly Site[];
  /** Used by the product's code, in the order of {@link ENDPOINTS}. */
  readonly endpoints: readonly Endpoint[];
  /** Used by the product's code, in the order of {@link API_FEATURES}. */
  readonly features: readonly ApiFeature[];
  /** Models that the product's code or configuration uses, alphabetically. */
  readonly models: readonly string[];
  readonly hazards: readonly Hazard[];
  readonly readiness: Readiness;
}

/** How many files were found and read: `listed` is `read` plus all `skipped`. */
export interface FileCounts {
  readonly listed: number;
  readonly read: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Bytes that were read. */
  readonly bytes: number;
}

export interface InventoryOptions {
  /** What the team allows to migrate, from its configuration. */
  readonly policy?: MigrationPolicy;
  /** Called now and then while files are read. */
  readonly onProgress?: (progress: { readonly listed: number; readonly read: number }) => void;
}

/** The directory could not be read; the message is for the user. */
export class InventoryError extends Error {
  override readonly name = 'InventoryError';
}

/**
 * Reads a repository, or any directory, and lists its use of the API. Skipped files are counted by reason. Memory grows
 * with the findings and the names of files, not with what they contain.
 *
 * @throws {InventoryError} if `root` is not a readable directory
 */
export async function takeInventory(root: string, options: InventoryOptions = {}): Promise<Inventory> {
  const directory = resolve(root);
  requireDirectory(directory, root);
  const reader = new FileReader();
  const counts = { listed: 0, read: 0, bytes: 0 };
  const skipped: Partial<Record<SkipReason, number>> = {};
  const sites: Site[] = [];
  const hazards: Hazard[] = [];
  const paths: (readonly string[])[] = [];
  for await (const listed of listFiles(directory)) {
    if (listed.kind === 'files') paths.push(listed.paths);
    const results =
      listed.kind === 'skipped' ? [listed] : listed.paths.map((path) => searchFile(path, directory, reader));
    for (const result of results) {
      counts.listed += 1;
      if (result.kind === 'skipped') {
        skipped[result.reason] = (skipped[result.reason] ?? 0) + 1;
      } else {
        counts.read += 1;
        counts.bytes += result.bytes;
        sites.push(...result.sites);
        hazards.push(...result.hazards);
      }
    }
    options.onProgress?.(counts);
  }
  const all = [...sites, ...settingsOf(sites, paths.flat(), directory, reader)];
  const belongs = all.some(isBareUrl) ? () => true : ({ rule }: Site | Hazard) => !WITH_BARE_URL.has(rule);
  return summarise(
    root,
    { ...counts, skipped },
    all.filter(belongs),
    hazards.filter(belongs),
    options.policy,
  );
}

const WITH_BARE_URL = new Set(
  [...RULES, ...HAZARD_RULES].filter(({ withBareUrl }) => withBareUrl).map(({ id }) => id),
);
const isBareUrl = ({ kind, value, scope }: Site): boolean =>
  kind === 'base_url' && scope === 'code' && /^https:\/\/(?:\w\w\.)?api\.openai\.com$/.test(value);

/**
 * What only the whole program tells: where settings files set the variables that its code reads, and where files that
 * never name the API keep its settings.
 */
function settingsOf(
  sites: readonly Site[],
  paths: readonly string[],
  directory: string,
  reader: FileReader,
): Site[] {
  const variables = new OwnVariables(sites);
  const files = new OwnFiles(sites);
  if (!variables.exist && !files.exist) return [];
  const sitesAt = (path: string): Site[] => {
    const isOwn = files.has(path);
    if (!isOwn && !(variables.exist && isSettingsFile(path))) return [];
    const reading = readFile(path, directory, reader, isOwn ? () => true : variables.mayHold);
    if (reading.kind !== 'text') return [];
    return isOwn ? files.sitesIn(path, reading.text) : variables.sitesIn(prepare(path, reading.text));
  };
  const found = paths.flatMap(sitesAt);
  const inFiles = new Set(found.map(({ file }) => file));
  const place = ({ file, line, kind }: Site): string => JSON.stringify([file, line, kind]);
  const known = new Set(sites.filter(({ file }) => inFiles.has(file)).map(place));
  return found.filter((site) => !known.has(place(site)));
}

/** What one file contains, or why it was skipped. */
type FileResult =
  | {
      readonly kind: 'read';
      readonly bytes: number;
      readonly sites: readonly Site[];
      readonly hazards: readonly Hazard[];
    }
  | { readonly kind: 'skipped'; readonly reason: SkipReason };

function searchFile(path: string, directory: string, reader: FileReader): FileResult {
  const reading = readFile(path, directory, reader, mayHoldSites);
  if (reading.kind === 'skipped') return reading;
  if (reading.kind === 'nothing') return { kind: 'read', bytes: reading.bytes, sites: [], hazards: [] };
  const file = prepare(path, reading.text);
  return { kind: 'read', bytes: reading.bytes, sites: scanFile(file), hazards: hazardsIn(file) };
}

function readFile(
  path: string,
  directory: string,
  reader: FileReader,
  mayHold: (bytes: Uint8Array, length: number) => boolean,
): FileReading {
  const reason = skipByName(path);
  if (reason !== null) return { kind: 'skipped', reason };
  const reading = reader.read(join(directory, path), mayHold);
  if (reading.kind !== 'text') return reading;
  if (isGenerated(path, reading.text)) return { kind: 'skipped', reason: 'generated' };
  return isRolloutConfig(path, reading.text) ? { kind: 'skipped', reason: 'rollout-config' } : reading;
}

/** A model that is read from the environment is reported under the variable's name. */
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;

function summarise(
  root: string,
  files: FileCounts,
  unsortedSites: readonly Site[],
  unsortedHazards: readonly Hazard[],
  policy: MigrationPolicy | undefined,
): Inventory {
  const sites = unsortedSites.toSorted(byLocation);
  const hazards = unsortedHazards.toSorted(byLocation);
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

/** The sites in the product's own code that are certain enough to act on. */
export function usedSites({ sites }: Pick<Inventory, 'sites'>): Site[] {
  return sites.filter(({ scope, confidence }) => scope === 'code' && confidence !== 'low');
}

/** The product's settings that can only be changed by editing code. */
export function hardCodedSites(inventory: Pick<Inventory, 'sites'>): Site[] {
  return usedSites(inventory).filter((site) => site.hardCoded && isSetting(site));
}

/** File names are compared by code unit, so the order is the same on every machine. */
function byLocation(a: Location, b: Location): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function requireDirectory(directory: string, given: string): void {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new InventoryError(`Directory "${given}" does not exist. Pass the path of the repository to read.`);
  }
  if (!stats.isDirectory()) {
    throw new InventoryError(`"${given}" is a file. Pass the directory of the repository to read.`);
  }
}
