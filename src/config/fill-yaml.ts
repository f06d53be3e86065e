/** Puts values into a YAML text. */
import { parseDocument, visit } from 'yaml';
import type { SettingPath } from './problem.ts';

/**
 * A template with values at some of its paths, the rest as it was, comments too. The YAML library writes the values, so
 * that none of them can be more than a value.
 * @param values undefined removes what the template has there
 */
export function fillYaml(template: string, values: readonly (readonly [SettingPath, unknown])[]): string {
  const document = parseDocument(template);
  for (const [path, value] of values) {
    if (value === undefined) document.deleteIn(path);
    // A word keeps the comment behind the one that it replaces.
    else document.setIn(path, typeof value === 'string' ? value : document.createNode(value));
  }
  // Lists of words fit on a line.
  visit(document, {
    Seq: (_, list) => {
      if (list.items.every((item) => typeof Object(item).value === 'string')) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
