import { OTHER_CODE } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { pattern, VARIABLES } from '../vocabulary.ts';

/** False if the quotes are inside a string with other quotes: they only mark a word in a sentence. */
const isString = ({ before, match }: RuleMatch): boolean =>
  !/^['`]/.test(match[0]) || (before.slice(0, -1).replace(/\\"/g, '').match(/"/g) ?? []).length % 2 === 0;

/** `"OPENAI_API_KEY: …"` is a sentence; `"${OPENAI_API_KEY:none}"` is a read with a default. */
const isSetting = (found: RuleMatch): boolean =>
  isString(found) && (found.match[0].startsWith('$') || !/^:/.test(found.after));

/**
 * Names of environment variables in languages that write them as strings (`os.Getenv("…")`, `ENV.fetch('…')`,
 * `env!("…")`). The string must be just the name: in a read, a list of required names, a constant.
 */
export const ENVIRONMENT_NAME_RULES = (['base_url', 'api_key'] as const).flatMap((kind) =>
  rulesFor({ families: OTHER_CODE }, [
    {
      id: `code-${kind.replaceAll('_', '-')}-variable`,
      kind,
      pattern: pattern()`(?:["'\`]|\$\{|\bENV\.)(?<value>${VARIABLES[kind]})(?=["'\`:}]|\b(?<=ENV\.\w{1,60}))`,
      accept: isSetting,
      hardCoded: false,
    },
  ]),
);
