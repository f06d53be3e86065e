import type { Rule } from '../rule.ts';
import { ANY_RULES } from './any.ts';
import { SHELL_RULES } from './shell.ts';

/** Every rule, in the order in which equals are settled. */
export const RULES: readonly Rule[] = [...SHELL_RULES, ...ANY_RULES];
