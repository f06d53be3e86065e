import { enclosingBrackets } from '../brackets.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';

/** Whether the match is in the arguments of a client or in its configuration block. */
function _inClient({ code, match }: RuleMatch): boolean {
  for (const { open, at } of enclosingBrackets(code, match.index)) {
    if (open === '{' && /\bOpenAI\.configure\s*$/.test(code.slice(Math.max(0, at - 30), at))) return true;
    if (open === '{' && isPassedToClient(code, at)) return true;
    if (open === '(') return /\bOpenAI::Client\.new$/.test(code.slice(Math.max(0, at - 20), at));
  }
  const line = code.slice(code.lastIndexOf('\n', match.index) + 1, match.index);
  if (/\bOpenAI::Client\.new\s/.test(line)) return true;
  const above = code.slice(Math.max(0, match.index - 1_000), match.index);
  return /^\s*\w+\.$/.test(line) && /\bOpenAI\.configure\s+(?:do|\{)\s*\|/.test(above);
}

/** A hash that a client is built from later: `config = { … }; OpenAI::Client.new(config)`. */
function isPassedToClient(code: string, open: number): boolean {
  const name = /(\w+)\s*=\s*$/.exec(code.slice(Math.max(0, open - 60), open))?.[1];
  const built = /\bOpenAI::Client\.new\(\s*\*{0,2}(\w+)\s*\)/.exec(code.slice(open, open + 2_000))?.[1];
  return name !== undefined && name === built;
}

/** Clients in Ruby: where their URL, key, timeout and retries come from. */
export const RUBY_CLIENT_RULES = rulesFor({ families: ['ruby'] }, [
  {
    id: 'ruby-credentials',
    kind: 'api_key',
    pattern: /\bcredentials(?:\.dig\(|[.[])\s*:?(?<value>open_?ai(?:,\s|[^\s)]){0,60})/,
    value: (expression) =>
      /key|token|secret/.test(expression) ? credentialIn(`credentials.${expression}`) : null,
    hardCoded: false,
  },
]);

/** `Rails.application.credentials.dig(:openai, :api_key)` → `openai.api_key`. */
function credentialIn(expression: string): string | null {
  const path = /credentials(?<path>[^\n]{1,80})/.exec(expression)?.groups?.path;
  const names = path?.replace(/\.?(?:dig|fetch|production|development)\b/g, '').match(/[a-z]\w+/g) ?? [];
  return names.length === 0 ? null : names.slice(0, 3).join('.');
}
