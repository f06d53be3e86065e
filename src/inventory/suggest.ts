// biome-ignore-all lint/suspicious/noTemplateCurlyInString: suggestions are code of other languages
import { type LanguageFamily, languageOf } from './languages.ts';
import { isSetting } from './readiness.ts';
import type { Sdk } from './sdks.ts';
import type { Site } from './site.ts';

/** How a family of languages reads a setting from the environment. */
const READ: Partial<Record<LanguageFamily, (variable: string) => string>> = {
  javascript: (name) => `process.env.${name}`,
  python: (name) => `os.environ["${name}"]`,
  go: (name) => `os.Getenv("${name}")`,
  jvm: (name) => `System.getenv("${name}")`,
  rust: (name) => `std::env::var("${name}")?`,
  ruby: (name) => `ENV.fetch("${name}")`,
  php: (name) => `getenv('${name}')`,
  dotnet: (name) => `Environment.GetEnvironmentVariable("${name}")`,
  shell: (name) => `"\${${name}:?}"`,
};

/** The same with the current value as the default, so nothing changes until the variable is set. */
const READ_OR: Partial<Record<LanguageFamily, (variable: string, value: string) => string>> = {
  javascript: (name, value) => `process.env.${name} ?? '${value}'`,
  python: (name, value) => `os.getenv("${name}", "${value}")`,
  go: (name, value) => `cmp.Or(os.Getenv("${name}"), "${value}")`,
  jvm: (name, value) => `System.getenv().getOrDefault("${name}", "${value}")`,
  rust: (name, value) => `std::env::var("${name}").unwrap_or_else(|_| "${value}".into())`,
  ruby: (name, value) => `ENV.fetch("${name}", "${value}")`,
  php: (name, value) => `getenv('${name}') ?: '${value}'`,
  dotnet: (name, value) => `Environment.GetEnvironmentVariable("${name}") ?? "${value}"`,
  shell: (name, value) => `"\${${name}:-${value}}"`,
};

/** How a client library takes the base URL. Those that read OPENAI_BASE_URL themselves need no option. */
const BASE_URL_OPTION: Partial<Record<Sdk, (read: string) => string>> = {
  'openai-node': () => 'remove `baseURL`: the client reads OPENAI_BASE_URL',
  'openai-python': () => 'remove `base_url`: the client reads OPENAI_BASE_URL',
  'openai-go': () => 'remove `option.WithBaseURL`: the client reads OPENAI_BASE_URL',
  'openai-java': () => 'use `OpenAIOkHttpClient.fromEnv()`: it reads OPENAI_BASE_URL',
  'langchain-python': (read) => `base_url=${read}`,
  'langchain-js': (read) => `configuration: { baseURL: ${read} }`,
  'vercel-ai': (read) => `createOpenAI({ baseURL: ${read} })`,
  'llama-index': (read) => `api_base=${read}`,
  litellm: (read) => `api_base=${read}`,
  'go-openai': (read) => `config.BaseURL = ${read}`,
  langchaingo: (read) => `openai.WithBaseURL(${read})`,
  langchain4j: (read) => `.baseUrl(${read})`,
  'spring-ai': () => 'spring.ai.openai.base-url=${OPENAI_BASE_URL}',
  'async-openai': (read) => `OpenAIConfig::new().with_api_base(${read})`,
  'ruby-openai': (read) => `uri_base: ${read}`,
  'openai-ruby': (read) => `base_url: ${read}`,
  'openai-php': (read) => `->withBaseUri(${read})`,
  'openai-laravel': () => 'set OPENAI_BASE_URL in the environment: config/openai.php reads it',
  'openai-dotnet': (read) => `new OpenAIClientOptions { Endpoint = new Uri(${read}) }`,
};

const BASE_URL_VARIABLE = 'OPENAI_BASE_URL';
const KEY_VARIABLE = 'OPENAI_API_KEY';
const MODEL_VARIABLE = 'OPENAI_MODEL';

/**
 * How to move a hard-coded setting out of the code, in the idiom of its language and client library; null if there is
 * nothing to suggest. Nothing is edited.
 */
export function suggestionFor(site: Site): string | null {
  if (!site.hardCoded || site.scope === 'docs' || !isSetting(site)) return null;
  const { family } = languageOf(site.file);
  if (site.kind === 'api_key') {
    const read = READ[family]?.(KEY_VARIABLE) ?? `the environment variable ${KEY_VARIABLE}`;
    return `use ${read} instead of the key, and revoke this key`;
  }
  const variable = site.kind === 'model' ? MODEL_VARIABLE : BASE_URL_VARIABLE;
  const read = READ_OR[family]?.(variable, site.value);
  if (read === undefined) return `use the environment variable ${variable} instead of "${site.value}"`;
  const option = site.kind === 'base_url' && site.sdk !== null ? BASE_URL_OPTION[site.sdk] : undefined;
  return option?.(read) ?? read;
}
