import { CODE } from '../languages.ts';
import { NAMED_SETTING, type Rule, rulesFor } from '../rule.ts';
import { pattern } from '../vocabulary.ts';

/** Names of a program's own arguments, as its users write them. */
const NAMES = {
  base_url: /(?:open-?ai-|llm-)?(?:base-ur[li]|api-base|api-(?:base-)?ur[li]|api-host|api-endpoint)/,
  // Another rule reports those that name the API.
  api_key: /(?:llm-)?api-?key/,
  model: /(?:open-?ai-|llm-|chat-|gpt-)?model(?:-name)?/,
} as const;

/** The same as fields of a type whose attributes make them arguments. */
const FIELDS = {
  base_url: /(?:api_)?base_url|api_base/,
  api_key: /(?:openai_)?api_key/,
  model: /model(?:_name)?/,
} as const;

/** What defines an argument, up to its name: argparse, click, commander, optparse, picocli, cobra; or a comparison. */
const DEFINES =
  /(?:\b(?:add_argument|add_option|[oO]ptions?|[aA]rgument|[aA]rg|requiredOption|Flag|opts?\.on|Parameter|flag\.String(?:Var)?|Flags\(\)\.\w+)\s*\(\s*(?:names\s*=\s*)?[{[]?(?:[^()\n"'`]{0,40}["'`]-?\w{1,2}["'`],\s*|&?[\w.]{1,40},\s*)?["'`](?:-\w,?\s+)?(?:--)?|\bcase\s+(?:["'`]-\w["'`],\s*)?["'`]--)/;

/** Arguments of a program for the API: where its users give the model, the key and the URL. */
export const PROGRAM_ARGUMENT_RULES: readonly Rule[] = (['base_url', 'api_key', 'model'] as const).flatMap(
  (kind) =>
    rulesFor({ families: [...CODE], needs: 'mention', ...NAMED_SETTING }, [
      {
        id: `argument-${kind.replaceAll('_', '-')}`,
        kind,
        pattern: pattern()`${DEFINES}(?<value>${NAMES[kind]})(?=["'\`\s=:<])`,
      },
      {
        id: `argument-${kind.replaceAll('_', '-')}-field`,
        kind,
        files: /\.(?:rs|swift)$/,
        pattern: pattern()`(?:#\[(?:arg|clap)\([^\]]{0,120}\blong\b[^\]]{0,300}\)\]\s*(?:pub\s+)?|@Option\((?:[^()\n]|\([^()\n]*\)){0,160}\)\s*var\s+)(?<value>${FIELDS[kind]})(?=\s*:)`,
      },
    ]),
);
