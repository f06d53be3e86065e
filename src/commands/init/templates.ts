/** The files that `init` writes. This module reads files when it is loaded; the bundle contains their text. */
import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(`templates/${name}`, import.meta.url), 'utf8');

export const CONFIG = read('config.yml');
export const CHECK = read('gateway-check.yml');
export const OBSERVE = {
  prometheus: read('gateway-observe.yml'),
  jsonl: read('gateway-observe-records.yml'),
};
export const ROLLOUT = read('gateway-rollout.yml');
export const TRAFFIC = read('gateway-traffic.yml');
