import type { Language } from './languages.ts';
import type { Scope } from './site.ts';

const TEST_PATH =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__fixtures__|fixtures?|testdata|test[-_]data|e2e|cypress|mocks?|cassettes|benchmarks?|evals?)\/|(?:^|\/)(?:test_[^/]*|conftest|[^/]*[._-](?:test|tests|spec|e2e|mock|stories|bench))\.[^/]*$|(?:^|\/)[^/]*(?:Tests?|IT|Spec|TestCase)\.(?:java|kt|kts|scala|groovy|cs|fs|vb|php|swift)$|(?:^|\/)[^/]*_spec\.rb$|(?:^|\/)[^/]*\.Tests?\/|(?:^|\/)src\/(?:test|androidTest|integrationTest|jvmTest|commonTest)\//;

const DOCS_PATH =
  /(?:^|\/)(?:docs?|documentation|examples?|samples?|tutorials?|cookbooks?|demos?|website|blog|changelogs?|locales?|i18n|translations|lang|lc_messages)\/|(?:^|\/)(?:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|AUTHORS|LICENSE)(?:\.[^/]*)?$/i;

/** Whether a file is the product's code, its documentation (examples and translations too), or its tests. */
export function scopeOf(path: string, language: Language): Scope {
  if (TEST_PATH.test(path)) return 'test';
  if (language.family === 'docs' || DOCS_PATH.test(path)) return 'docs';
  return 'code';
}
