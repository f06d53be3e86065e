import { SOURCE_VARIABLES } from '../../measure/source-settings.ts';
import type { HelpNote } from '../help.ts';

/** What `observe --help` says beyond its options: every variable by its source, and the exit codes. */
export const OBSERVE_NOTES: readonly HelpNote[] = [
  "The config's section measure names the sources; the environment says where they are and how to ask them.",
  ...Object.entries(SOURCE_VARIABLES).map(([source, variables]) => ({
    title: `${source}:`,
    entries: variables.map(
      ({ name, about, required }) => [name, `${about}${required ? '' : ' [optional]'}`] as const,
    ),
  })),
  'Exit code: 0 measured, or nothing new yet; 1 a source failed and nothing was stored; 2 the call, the config or the environment is wrong.',
];
