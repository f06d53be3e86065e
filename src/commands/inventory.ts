import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Config } from '../config/schema.ts';
import { type ChangedLines, changedSince, isChanged } from '../inventory/changed.ts';
import type { Hazard } from '../inventory/hazards.ts';
import { hardCodedSites, type Inventory, InventoryError, takeInventory } from '../inventory/inventory.ts';
import type { MigrationPolicy } from '../inventory/readiness.ts';
import type { Site } from '../inventory/site.ts';
import { suggestionFor, suggestionInWords } from '../inventory/suggest.ts';
import { inventoryOnTerminal } from '../report/inventory-terminal.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { reasonOf } from './refusal.ts';
import type { Terminal } from './terminal.ts';

export interface InventoryCommandOptions {
  /** The repository or any directory; the current directory by default. */
  readonly path?: string;
  readonly json?: boolean;
  /** File to write SARIF to. It always covers the whole repository: code scanning finds out what is new. */
  readonly sarif?: string;
  /** Report only sites and hazards on lines changed since this branch, tag or commit. */
  readonly changedSince?: string;
  /** `hard-coded`: exit with 1 when a reported site of the product's code is hard-coded. */
  readonly failOn?: string;
  /** Show how to move each hard-coded setting out of the code. */
  readonly suggest?: boolean;
  /** Of this program, for SARIF. */
  readonly version: string;
}

/** Where the command writes. */
export interface InventoryIo extends Omit<Terminal, 'progress'> {
  /** A terminal for the progress line; null for none. */
  readonly live: Writable | null;
}

/**
 * `gateway-rollout inventory`: the report goes to stdout, everything else to stderr.
 * @returns exit code: 0; 1 with `failOn` if there are such sites; 2 for a usage error
 */
export async function runInventoryCommand(
  options: InventoryCommandOptions,
  io: InventoryIo,
): Promise<0 | 1 | 2> {
  const fail = (message: string): 2 => {
    io.stderr(`error: ${plainLine(message, 1000)}\n`);
    return 2;
  };
  if (options.failOn !== undefined && options.failOn !== 'hard-coded') {
    return fail(`--fail-on ${options.failOn} is not supported. Use --fail-on hard-coded.`);
  }
  const root = options.path ?? '.';
  const progress = liveProgress(io.live);
  try {
    const policy = await policyAt(root);
    const whole = await takeInventory(root, {
      ...(policy && { policy }),
      onProgress: progress.report,
    });
    const changes =
      options.changedSince === undefined ? null : await changedSince(root, options.changedSince);
    if (changes?.kind === 'refused') return fail(changes.message);
    const inventory = changes === null ? whole : onChangedLines(whole, changes.lines);
    if (options.sarif !== undefined) await writeSarif(options.sarif, whole, options.version);
    progress.stop();
    if (options.json === true) writeJson(inventory, options, io);
    else io.stdout(onTerminal(inventory, options, io));
    return options.failOn !== undefined && hardCodedSites(inventory).length > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof InventoryError) return fail(error.message);
    throw error;
  } finally {
    progress.stop();
  }
}

/** Keeps only sites and hazards on changed lines; everything else still describes the whole repository. */
function onChangedLines(inventory: Inventory, lines: ChangedLines): Inventory {
  const changed = (found: Site | Hazard): boolean => isChanged(lines, found);
  return { ...inventory, sites: inventory.sites.filter(changed), hazards: inventory.hazards.filter(changed) };
}

/**
 * Writes the hard-coded settings and hazards in the product's code as SARIF.
 * @param version of this program
 * @throws {InventoryError} if the file cannot be written
 */
export async function writeSarif(file: string, inventory: Inventory, version: string): Promise<void> {
  // Its hashes need node:crypto, which takes 15 ms to load.
  const { inventorySarif } = await import('../report/sarif.ts');
  const hazards = inventory.hazards.filter(({ scope }) => scope === 'code');
  const text = inventorySarif({ sites: hardCodedSites(inventory), hazards, version });
  try {
    await writeFile(resolve(file), text);
  } catch (error) {
    throw new InventoryError(
      `Can't write the SARIF file to ${file}: ${reasonOf(error)}. Choose a file in a directory that exists.`,
    );
  }
}

/** How many sites are written at a time, so that memory doesn't grow with the text of all of them. */
const SITES_AT_ONCE = 500;

function writeJson(
  { sites, ...inventory }: Inventory,
  { suggest, changedSince: ref }: InventoryCommandOptions,
  io: InventoryIo,
): void {
  const { schema, root, files, ...rest } = inventory;
  const json = (value: unknown): string => JSON.stringify(value, null, 2);
  io.stdout(`${json({ schema, root, files }).slice(0, -2)},\n  "sites": [`);
  for (let at = 0; at < sites.length; at += SITES_AT_ONCE) {
    const some = sites
      .slice(at, at + SITES_AT_ONCE)
      .map((site) => (suggest === true ? { ...site, suggestion: suggestionFor(site) } : site));
    io.stdout((at === 0 ? '' : ',') + json(some).slice(1, -2).replaceAll('\n', '\n  '));
  }
  const after = json({ ...rest, ...(ref !== undefined && { changedSince: ref }) });
  io.stdout(`${sites.length === 0 ? '' : '\n  '}],${after.slice(1)}\n`);
}

function onTerminal(inventory: Inventory, { suggest }: InventoryCommandOptions, io: InventoryIo): string {
  return inventoryOnTerminal(inventory, {
    ...io,
    suggest: suggest === true ? suggestionInWords : () => null,
  });
}

/** No progress line before this time, in ms. */
const PROGRESS_DELAY_MS = 500;

/** A progress line on a terminal after a short delay; nothing elsewhere. */
function liveProgress(stream: Writable | null) {
  const since = performance.now();
  let shown = false;
  return {
    report: ({ listed }: { readonly listed: number }) => {
      if (stream === null || performance.now() - since < PROGRESS_DELAY_MS) return;
      shown = true;
      stream.write(`\r\u001b[2KReading: ${listed.toLocaleString('en-US')} files so far`);
    },
    stop: () => {
      if (shown) stream?.write('\r\u001b[2K');
      shown = false;
    },
  };
}

/** The policy of the repository's config; other commands report an invalid config. */
async function policyAt(root: string): Promise<MigrationPolicy | undefined> {
  const { findConfigFile, loadConfigFile } = await import('../config/files.ts');
  const found = await findConfigFile(root);
  if (!found.ok) return undefined;
  const loaded = await loadConfigFile(resolve(root, found.file));
  return loaded.ok ? policyOf(loaded.config) : undefined;
}

/** The config's policy in the inventory's form. */
function policyOf(config: Config | null): MigrationPolicy | undefined {
  if (config === null) return undefined;
  const { compliance_contract: complianceContract, allow_experimental: allowExperimental } = config.policy;
  return { complianceContract, allowExperimental };
}

/** The inventory of a directory for other commands; null if the directory cannot be read. */
export async function readInventory(directory: string, config: Config | null): Promise<Inventory | null> {
  const policy = policyOf(config);
  return takeInventory(directory, { ...(policy && { policy }) }).catch((error: unknown) => {
    if (error instanceof InventoryError) return null;
    throw error;
  });
}
