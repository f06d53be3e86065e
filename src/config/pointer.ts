/** Pointers into a JSON or YAML file, as a traffic target names them. */

/** The steps of a JSON pointer (`/a~1b/0`) or a YAML path (`a.b[0]`), from the root. */
export function stepsOf(pointer: string): readonly string[] {
  if (pointer.startsWith('/')) {
    const steps = pointer.slice(1).split('/');
    return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return pointer.split(/[.[\]]+/).filter((step) => step !== '');
}
