/** What `--help` says below the options of each command. */
import { SOURCE_VARIABLES } from '../measure/source-settings.ts';
import type { HelpNote } from './help.ts';

/** Every environment variable of `observe`, by source. */
const SOURCES: readonly HelpNote[] = Object.entries(SOURCE_VARIABLES).map(([source, variables]) => ({
  title: `${source}:`,
  entries: variables.map(
    ({ name, about, required }) => [name, `${about}${required ? '' : ' [optional]'}`] as const,
  ),
}));

const APP_SETTINGS =
  'https://github.com/gateway-rollout/gateway-rollout/blob/main/app/README.md#run-it-on-a-server';

export const HELP_NOTES = {
  check: [
    {
      title: 'Keys come from the environment:',
      entries: [
        ['GATEWAY_API_KEY', "the gateway's key"],
        ['OPENAI_BASE_URL, OPENAI_API_KEY', "the gateway's base URL and key together, instead of the above"],
        ['OFFICIAL_API_KEY', 'compare with the official API (OFFICIAL_BASE_URL: its base URL)'],
        ['GATEWAY_DISABLED_KEY, GATEWAY_EMPTY_KEY', 'check the error messages for these keys'],
      ],
    },
    'Exit code: 0 ready, 1 not ready, 2 usage or config error.',
  ],
  fidelity: [
    'Uses the same keys as check, and needs the official one: each question goes to both arms at the same moment.',
    'Exit code: 0 no other model was proved, 1 another model answers, 2 usage or config error.',
  ],
  inventory: [
    'Never edits your code. Never shows the value of a key.',
    'Exit code: 0; 1 with --fail-on while a setting is hard-coded; 2 usage error.',
  ],
  init: [
    'Asks on a terminal; elsewhere, or with --yes, what no flag sets gets a default. Overwrites no file. If the key of the gateway is in the environment, as for check, the gateway is checked.',
    'Exit code: 0 written; 1 nothing written, because a file is there already or the code does not use the API; 2 usage or config error.',
  ],
  exec: [
    'Uses the same keys as check; the command gets a throw-away key.',
    "Exit code: the command's own; 2 usage or config error; 126 or 127 the command cannot be started.",
  ],
  observe: [
    'The config names the sources, in its section measure. Their URLs and credentials come from the environment:',
    ...SOURCES,
    'Exit code: 0 measured, or nothing new yet; 1 a source failed and nothing was stored; 2 usage, config or environment error.',
  ],
  judge: ['Exit code: 0 replayed; 2 usage or config error, or a measurement is invalid.'],
  config: ['Exit code: 0 valid, 2 usage or config error.'],
  dashboards: [
    'Replaces no file. The limits of alerts are the widest of the gates in the config.',
    'Exit code: 0 written, 1 a file exists or cannot be written, 2 usage or config error.',
  ],
  app: [
    `Its settings come from the environment: ${APP_SETTINGS}. It lists those that are missing.`,
    'Exit code: 0 stopped by a signal, 1 it cannot listen or stop cleanly, 2 environment error.',
  ],
} as const satisfies Readonly<Record<string, readonly HelpNote[]>>;
