import { requiredWords } from '../required-words.ts';
import { HAZARD_RULES, RULES } from './index.ts';

/**
 * What the rules' patterns require, as JSON, by the rule. To read all patterns takes as long as to search a small tree, so
 * the bundle has the result.
 */
export const REQUIRED: string = JSON.stringify(
  Object.fromEntries([...RULES, ...HAZARD_RULES].map(({ id, pattern }) => [id, requiredWords(pattern)])),
);
