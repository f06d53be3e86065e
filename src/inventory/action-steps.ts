/**
 * Workflow steps that run this Action: their inputs are settings of this program, not of the product. A literal key in
 * such a step is still a key in the repository.
 */

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;
const LITERAL_KEY = /key['"]?\s*:\s*['"]?(?!\$\{\{)[\w-]/i;
const THIS_ACTION = /(?:^|[\s{,])uses:\s*['"]?gateway-rollout\/gateway-rollout(?:\/[^@\s]*)?@/;

/**
 * Replaces these steps of a workflow with spaces, except literal keys, so all offsets stay the same. Returns other files
 * unchanged.
 */
export function maskActionSteps(path: string, code: string): string {
  if (!WORKFLOW.test(path) || !THIS_ACTION.test(code)) return code;
  const lines = code.split('\n');
  for (const [first, line] of lines.entries()) {
    if (!/^\s*-\s/.test(line)) continue;
    const end = endOfItem(lines, first);
    if (THIS_ACTION.test(lines.slice(first, end).join('\n'))) {
      for (let at = first; at < end; at += 1) lines[at] = masked(lines[at] ?? '');
    }
  }
  return lines.join('\n');
}

function masked(line: string): string {
  return LITERAL_KEY.test(line) ? line : line.replaceAll(/[^\r]/g, ' ');
}

/** The first line after a list item that is not indented deeper than the item's dash. */
function endOfItem(lines: readonly string[], first: number): number {
  const depth = lines[first]?.search(/\S/) ?? 0;
  const length = lines.slice(first + 1).findIndex((line) => /\S/.test(line) && line.search(/\S/) <= depth);
  return length < 0 ? lines.length : first + 1 + length;
}

/** The keys of this program's own config, which may have any name. */
const OWN_KEYS = /^(?:name|official|gateway|models|workloads|client|check|policy|rollout|measure|traffic)$/;

/** Whether a file is a config of this program: it names the API, but the product doesn't read it. */
export function isOwnConfig(path: string, code: string): boolean {
  if (!/\.ya?ml$/.test(path) || !/^gateway:/m.test(code)) return false;
  const keys = [...code.matchAll(/^([\w-]+):/gm)].map(([, key = '']) => key);
  return keys.length > 1 && keys.every((key) => OWN_KEYS.test(key)) && /\bbase_url\b/.test(code);
}
