/** The config that Portkey's gateway gets with each request: the weights from the file, the keys from the environment. */
import { readFileSync } from 'node:fs';

interface PortkeyConfig {
  readonly strategy: { readonly mode: 'loadbalance' };
  readonly targets: readonly {
    readonly name: string;
    readonly weight: number;
    readonly custom_host?: string;
  }[];
}

/** Keys by the names of the targets. */
export type Keys = Readonly<Record<string, string | undefined>>;

/**
 * The value of the header `x-portkey-config`. It contains keys: send it only to your own gateway, and don't log it.
 * @throws where a target with traffic has no key
 */
export function portkeyHeader(path: string, keys: Keys): string {
  const config: PortkeyConfig = JSON.parse(readFileSync(path, 'utf8'));
  const targets = config.targets.map((target) => {
    const key = keys[target.name];
    if (key === undefined && target.weight > 0) {
      throw new Error(`The target ${target.name} of ${path} has no key. Set the one that it asks for.`);
    }
    return { ...target, api_key: key };
  });
  return JSON.stringify({ ...config, targets });
}

/** The arm from the response header `x-portkey-last-used-option-index`; null where it names none. */
export function armOf(optionIndex: string | null): 'official' | 'gateway' | null {
  if (optionIndex === null) return null;
  return optionIndex.endsWith('targets[1]') ? 'gateway' : 'official';
}
