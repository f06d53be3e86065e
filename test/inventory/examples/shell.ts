// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const SHELL_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'environment',
    hit: [
      ['export OPENAI_BASE_URL="https://api.openai.com/v1"', 'https://api.openai.com/v1'],
      ['OPENAI_API_BASE ?= https://llm.example.com/v1', 'https://llm.example.com/v1'],
      ['ENV OPENAI_BASE_URL http://litellm:4000/v1', 'http://litellm:4000/v1'],
      ['docker run -e OPENAI_API_BASE=http://host:8080/v1 app', 'http://host:8080/v1'],
      ['url=$OPENAI_BASE_URL', 'OPENAI_BASE_URL'],
      ['curl -H "Authorization: $OPENAI_BASE_URL"', 'OPENAI_BASE_URL'],
    ],
    trap: [
      ['export OPENAI_BASE_URL="$GATEWAY_URL"', 'OPENAI_BASE_URL'],
      'export SENTRY_BASE_URL=https://sentry.example.com/v1',
      ['echo "$OPENAI_BASE_URL https://example.com"', 'OPENAI_BASE_URL'],
      'lookup("SENTRY_BASE_URL")',
      'die "OPENAI_BASE_URL is not set"',
    ],
  },
  {
    finds: 'base_url',
    as: 'default',
    after: 'uses_openai ;',
    hit: [
      ['URL="${OPENAI_BASE_URL:-https://api.openai.com/v1}"', 'https://api.openai.com/v1'],
      ['API_URL="${API_URL:-https://api.openai.com/v1}"', 'https://api.openai.com/v1'],
    ],
    trap: [
      ['URL="${OPENAI_BASE_URL:?not set}"', 'OPENAI_BASE_URL'],
      'SITE="${SITE_URL:-https://example.com}"',
    ],
  },
  {
    finds: 'base_url',
    as: 'literal',
    hit: [
      ['curl -s https://api.openai.com/v1/chat/completions \\\n  -d "$body"', 'https://api.openai.com/v1'],
    ],
    trap: ['curl https://platform.openai.com/docs'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    hit: [['export OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx', '(hidden)']],
    trap: [
      ['export OPENAI_API_KEY="$(vault read openai)"', 'OPENAI_API_KEY'],
      ['export OPENAI_API_KEY=sk-xxx', 'OPENAI_API_KEY'],
      ['export OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx', 'OPENAI_API_KEY'],
    ],
  },
  {
    finds: 'api_key',
    as: 'header',
    after: 'uses_openai ;',
    hit: [['curl -H "Authorization: Bearer sk-abcdefghijklmnopqrstuvwx" "$URL"', '(hidden)']],
    trap: [],
  },
  {
    finds: 'model',
    hit: [
      ['OPENAI_MODEL=gpt-4o-mini', 'gpt-4o-mini'],
      ['model="o3"', 'o3'],
      ['ENV LLM_MODEL gpt-4o', 'gpt-4o'],
      ['model=${MODEL:-gpt-4o}', 'gpt-4o'],
      ['ai-chat --model gpt-4o "$prompt"', 'gpt-4o'],
      ['curl "$URL" -d \'{"model": "gpt-4o-mini", "messages": []}\'', 'gpt-4o-mini'],
      ['-d "{\\"model\\": \\"o1\\"}"', 'o1'],
      ['if [[ "$MODEL" == "gpt-4" ]]; then', 'gpt-4'],
    ],
    trap: [
      'OPENAI_MODEL="$1"',
      'MODEL=o1ive',
      'echo "no model, using gpt-4o"',
      'model=${MODEL:-}',
      'echo "--model picks the model (gpt-4o)"',
      'tool -m o10',
    ],
  },
  {
    finds: 'endpoint',
    hit: [['post(base + "/chat/completions", body)', 'chat.completions']],
    trap: ['post(base + "/chat/complete", body)'],
  },
  {
    finds: 'api_key',
    as: 'environment',
    hit: [
      ['key=$OPENAI_API_KEY', 'OPENAI_API_KEY'],
      ['curl -H "Authorization: $OPENAI_API_KEY"', 'OPENAI_API_KEY'],
    ],
    trap: ['lookup("STRIPE_API_KEY")', 'die "OPENAI_API_KEY is not set"'],
  },
];
