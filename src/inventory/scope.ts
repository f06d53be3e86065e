import type { Language } from './languages.ts';
import type { Scope } from './site.ts';

const TEST_PATH =
  /(?:^|\/)(?:(?:unit[-_]?)?tests?|specs?|__tests__|__mocks__|__fixtures__|fixtures?|test[-_]?(?:data|lib|utils?|helpers?|support)|e2e|cypress|mocks?|cassettes|benchmarks?|evals?)\/|(?:^|\/)(?:test_[^/]*|conftest|[^/]*[._-](?:test|tests|spec|e2e|mock|stories|bench))\.[^/]*$|(?:^|\/)[^/]*(?:Tests?|IT|Spec|TestCase)\.(?:java|kt|kts|scala|groovy|cs|fs|vb|php|swift)$|(?:^|\/)(?:[^/]*_spec\.rb|(?:mocks?(?:_\w+)?|\w+_mocks?|\w*Mock\w*)\.go)$|(?:^|\/)[^/]*\.Tests?\/|(?:^|\/)src\/(?:test|androidTest|integrationTest|jvmTest|commonTest)\//;

const DOCS_PATH =
  /(?:^|\/)(?:docs?|documentation|man|manuals?|vignettes|guides?|examples?|samples?~?|tutorials?|cookbooks?|demos?|website|blog|changelogs?|locales?|i18n|translations|lang|l10n|lc_messages|values(?:-[\w-]+)?(?=\/strings\w*\.xml))\/|(?:^|\/)messages\/[^/]*\.(?:json|properties|ya?ml)$|(?:^|\/)\w*(?:Bundle|[mM]essages)(?:_\w+)?\.properties$|\.(?:strings|stringsdict|xcstrings|arb|resx|po|pot|xlf|xliff|ftl)$|(?:^|\/)(?:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|AUTHORS|LICENSE)(?:\.[^/]*)?$/i;

/** JVM packages: in `org/springframework/samples`, `samples` is part of a package name, not a folder of samples. */
const PACKAGES = /((?:^|\/)src\/main\/(?:java|kotlin|scala|groovy)\/).*\//;

/** Whether a file is the product's code, its documentation (including examples and translations), or its tests. */
export function scopeOf(path: string, language: Language): Scope {
  const folders = path.replace(PACKAGES, '$1');
  if (TEST_PATH.test(folders)) return 'test';
  if (language.family === 'docs' || DOCS_PATH.test(folders)) return 'docs';
  return 'code';
}

const RUST_TESTS = /#\[cfg\(test\)\]\s*(?:#\[[^\]]{0,200}\]\s*)*(?:pub\s+)?mod\s+\w+\s*\{/;

/**
 * Where tests start that are in the same file as the code, as in Rust; infinite if there are none.
 * @param code without comments
 */
export function inlineTests(code: string, language: Language): number {
  if (language.family !== 'rust') return Number.POSITIVE_INFINITY;
  return RUST_TESTS.exec(code)?.index ?? Number.POSITIVE_INFINITY;
}
