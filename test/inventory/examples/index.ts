import { ANY_EXAMPLES } from './any.ts';
import { CLIENT_EXAMPLES } from './clients.ts';
import { CONFIG_EXAMPLES } from './config.ts';
import { DOTNET_EXAMPLES } from './dotnet.ts';
import type { Example } from './example.ts';
import { GO_EXAMPLES } from './go.ts';
import { HAZARDS_EXAMPLES } from './hazards.ts';
import { JAVASCRIPT_EXAMPLES } from './javascript.ts';
import { JVM_EXAMPLES } from './jvm.ts';
import { OWN_CLIENT_EXAMPLES } from './own-clients.ts';
import { OWN_NAME_EXAMPLES } from './own-names.ts';
import { OWN_STORE_EXAMPLES } from './own-stores.ts';
import { PHP_EXAMPLES } from './php.ts';
import { PROGRAM_EXAMPLES } from './programs.ts';
import { PYTHON_EXAMPLES } from './python.ts';
import { RUBY_EXAMPLES } from './ruby.ts';
import { RUST_EXAMPLES } from './rust.ts';
import { SHELL_EXAMPLES } from './shell.ts';

/** Examples, each with its file. */
export const EXAMPLES = Object.entries({
  'app/sample.ts': [...JAVASCRIPT_EXAMPLES, ...ANY_EXAMPLES, ...HAZARDS_EXAMPLES],
  'app/sample.py': PYTHON_EXAMPLES,
  'app/sample.go': GO_EXAMPLES,
  'app/Sample.java': JVM_EXAMPLES,
  'app/sample.rs': RUST_EXAMPLES,
  'app/sample.rb': RUBY_EXAMPLES,
  'app/sample.php': PHP_EXAMPLES,
  'app/Sample.cs': DOTNET_EXAMPLES,
  'app/sample.sh': SHELL_EXAMPLES,
  'app/sample.yaml': [
    ...CONFIG_EXAMPLES,
    ...PROGRAM_EXAMPLES,
    ...CLIENT_EXAMPLES,
    ...OWN_CLIENT_EXAMPLES,
    ...OWN_NAME_EXAMPLES,
    ...OWN_STORE_EXAMPLES,
  ],
} satisfies Record<string, readonly Example[]>).flatMap(([file, examples]) =>
  examples.map((example) => ({ file, ...example })),
);
