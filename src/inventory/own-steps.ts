/**
 * Steps of a workflow that run this Action: what they set is this program's, and no setting of the product. A key that
 * is written out there is in the repository all the same.
 */

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;
const WRITTEN_OUT = /key['"]?\s*:\s*['"]?(?!\$\{\{)[\w-]/i;
const OWN_ACTION = /(?:^|[\s{,])uses:\s*['"]?gateway-rollout\/gateway-rollout(?:\/[^@\s]*)?@/;

/**
 * A workflow's text with these steps as spaces, but for keys that are written out, so that every other place stays
 * where it is; other files as they are.
 */
export function maskOwnSteps(path: string, code: string): string {
  if (!WORKFLOW.test(path) || !OWN_ACTION.test(code)) return code;
  const lines = code.split('\n');
  for (const [first, line] of lines.entries()) {
    if (!/^\s*-\s/.test(line)) continue;
    const end = endOfItem(lines, first);
    if (OWN_ACTION.test(lines.slice(first, end).join('\n'))) {
      for (let at = first; at < end; at += 1) lines[at] = masked(lines[at] ?? '');
    }
  }
  return lines.join('\n');
}

function masked(line: string): string {
  return WRITTEN_OUT.test(line) ? line : line.replaceAll(/[^\r]/g, ' ');
}

/** The first line behind an item of a list that is no deeper than the item's dash. */
function endOfItem(lines: readonly string[], first: number): number {
  const depth = lines[first]?.search(/\S/) ?? 0;
  const length = lines.slice(first + 1).findIndex((line) => /\S/.test(line) && line.search(/\S/) <= depth);
  return length < 0 ? lines.length : first + 1 + length;
}
