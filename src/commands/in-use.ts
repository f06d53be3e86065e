/** What a check should probe, by an inventory. */
import { FEATURES, type Feature } from '../config/features.ts';
import type { Config } from '../config/schema.ts';
import { checkoutAround } from '../inventory/git.ts';
import { type Inventory, usedSites } from '../inventory/inventory.ts';
import { probedFeature } from '../inventory/probed-features.ts';

export interface InUse {
  /** As named in the code, alphabetically. */
  readonly models: readonly string[];
  /** In the order of {@link FEATURES}. */
  readonly features: readonly Feature[];
  /** Whether it uses chat completions, as far as its calls show. */
  readonly usesChat: boolean;
  /** For what it needs a model, as far as its calls show; `other`: only for what no small question shows. */
  readonly asksFor?: 'text' | 'embeddings' | 'other';
  /** Feature or model → where it is used, `file:line`, in the order of the files. */
  readonly sites: Readonly<Record<string, readonly string[]>>;
  /** Why the team's policy forbids the move, with places. */
  readonly policy: readonly string[];
}

/** What answers with something else than text. */
const WITHOUT_TEXT = /^(embeddings|images|audio|moderations|realtime)\b/;

function purposeOf(calls: ReadonlySet<string>): NonNullable<InUse['asksFor']> {
  if (calls.size === 0 || [...calls].some((call) => !WITHOUT_TEXT.test(call))) return 'text';
  return calls.has('embeddings') ? 'embeddings' : 'other';
}

/**
 * What the code in this directory uses; null where it cannot be read, which must not fail a command. Without a config,
 * only the code of a repository is read: somebody's home directory says nothing.
 */
export async function usedIn(directory: string, config: Config | null): Promise<InUse | null> {
  if (config === null && checkoutAround(directory) === null) return null;
  const { readInventory } = await import('./inventory.ts');
  const inventory = await readInventory(directory, config);
  return inventory && inUse(inventory);
}

/** @returns null if the code does not use the API, so there is nothing to probe, and no policy forbids the move */
export function inUse(inventory: Inventory): InUse | null {
  const sites = new Map<string, Set<string>>();
  for (const site of usedSites(inventory)) {
    const name = site.kind === 'model' ? site.value : probedFeature(site);
    if (name === null) continue;
    const known = sites.get(name) ?? new Set();
    sites.set(name, known.add(`${site.file}:${site.line}`));
  }
  const calls = new Set(
    usedSites(inventory).flatMap(({ kind, value }) => (kind === 'endpoint' ? [value] : [])),
  );
  const policy = inventory.readiness.findings
    .filter(({ severity }) => severity === 'block')
    .map(({ message, places }) => [message, ...places.map(({ file, line }) => `${file}:${line}`)].join(' '));
  if (sites.size === 0 && inventory.models.length === 0 && policy.length === 0) return null;
  return {
    models: inventory.models,
    features: FEATURES.filter((feature) => sites.has(feature)),
    usesChat: calls.has('chat.completions') || !calls.has('responses'),
    asksFor: purposeOf(calls),
    sites: Object.fromEntries([...sites].map(([name, where]) => [name, [...where]])),
    policy,
  };
}
