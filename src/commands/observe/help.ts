import { SOURCE_VARIABLES } from '../../measure/source-settings.ts';

/** What `observe --help` says beyond its options: every variable by its source, and the exit codes. */
export function observeHelp(): string {
  const width = Math.max(
    ...Object.values(SOURCE_VARIABLES).flatMap((variables) => variables.map(({ name }) => name.length)),
  );
  const sections = Object.entries(SOURCE_VARIABLES).map(([source, variables]) => {
    const lines = variables.map(
      ({ name, about, required }) => `    ${name.padEnd(width)}  ${about}${required ? '' : ' [optional]'}`,
    );
    return [`  ${source}`, ...lines].join('\n');
  });
  return `
The config's section measure names the sources; the environment says where they are and how to ask them:
${sections.join('\n')}

Exit code: 0 measured, or nothing new yet; 1 a source failed and nothing was stored; 2 the call, the config or the
environment is wrong.`;
}
