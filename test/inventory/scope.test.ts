import { describe, expect, it } from 'vitest';
import { languageOf } from '../../src/inventory/languages.ts';
import { prepare, scanFile } from '../../src/inventory/scan.ts';
import { inlineTests, scopeOf } from '../../src/inventory/scope.ts';

describe('what a file is to the product', () => {
  it.each([
    ['src/llm.ts', 'code'],
    ['contest/latest.py', 'code'],
    ['src/llm.test.ts', 'test'],
    ['tests/llm.py', 'test'],
    ['unittests/llm.cc', 'test'],
    ['unit-tests/llm.cc', 'test'],
    ['pkg/llm_test.go', 'test'],
    ['test_llm.py', 'test'],
    ['internal/testlib/llm.go', 'test'],
    ['pkg/testutil/llm.go', 'test'],
    ['src/test-helpers/llm.ts', 'test'],
    ['lib/testhelpers/llm.rb', 'test'],
    ['internal/llm/mock_client.go', 'test'],
    ['internal/llm/client_mock.go', 'test'],
    ['internal/llm/hammock.go', 'code'],
    ['src/testing-ground/llm.go', 'code'],
    ['src/main/java/App.java', 'code'],
    ['src/test/java/App.java', 'test'],
    ['src/main/java/org/springframework/samples/petclinic/Chat.java', 'code'],
    ['samples/chat/src/main/java/org/acme/Chat.java', 'docs'],
    ['src/AppTest.java', 'test'],
    ['src/Latest.java', 'code'],
    ['App.Tests/Chat.cs', 'test'],
    ['spec/llm_spec.rb', 'test'],
    ['README.md', 'docs'],
    ['docs/setup.yaml', 'docs'],
    ['man/chat_openai.Rd', 'docs'],
    ['tool.1', 'docs'],
    ['lib/Chat.pod', 'docs'],
    ['notebooks/chat.livemd', 'docs'],
    ['vignettes/models.R', 'docs'],
    ['examples/chat.py', 'docs'],
    ['locales/de.json', 'docs'],
    ['src/main/resources/ChatBundle_de.properties', 'docs'],
    ['messages/de.json', 'docs'],
    ['app/src/main/res/values-de/strings.xml', 'docs'],
    ['app/src/main/res/values/settings.xml', 'code'],
    ['App/de.lproj/Localizable.strings', 'docs'],
    ['lib/l10n/app_de.arb', 'docs'],
    ['Texts.de.resx', 'docs'],
    ['src/messages/send.ts', 'code'],
    ['src/main/resources/application.properties', 'code'],
    ['.env.example', 'code'],
  ])('%s is %s', (path, scope) => {
    expect(scopeOf(path, languageOf(path))).toBe(scope);
  });

  it('finds tests inside a file only for Rust', () => {
    const code = 'fn main() {}\n\n#[cfg(test)]\n#[allow(dead_code)]\nmod tests {\n}\n';
    expect(inlineTests(code, languageOf('a.rs'))).toBe(code.indexOf('#[cfg'));
    expect(inlineTests('#[cfg(test)]\nuse std::io;\nfn main() {}', languageOf('a.rs'))).toBe(
      Number.POSITIVE_INFINITY,
    );
    const elsewhere = '#[cfg(test)]\n#[path = "main_test.rs"]\nmod tests;\n\nfn main() {}\n';
    expect(inlineTests(elsewhere, languageOf('a.rs'))).toBe(Number.POSITIVE_INFINITY);
    expect(inlineTests(code, languageOf('a.go'))).toBe(Number.POSITIVE_INFINITY);
  });

  it("leaves out this program's own configs, whatever their name", () => {
    const config = 'gateway: { base_url: https://llm.example.com/v1 }\nmodels: [gpt-4o]\n';
    expect(scanFile(prepare('rollouts/eu.yml', config))).toEqual([]);
    expect(scanFile(prepare('app/llm.yml', `${config}database: {}\n`))).not.toEqual([]);
  });
});
