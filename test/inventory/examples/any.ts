// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const ANY_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'literal',
    hit: [
      ['url = "https://api.openai.com/v1"', 'https://api.openai.com/v1'],
      ['fetch("https://eu.api.openai.com/v1/chat/completions")', 'https://eu.api.openai.com/v1'],
      ['host = "api.openai.com"', 'api.openai.com'],
    ],
    trap: [
      'url = "https://platform.openai.com/docs"',
      'url = "https://api.openai.community/v1"',
      'throw new Error("nothing answers at https://api.openai.com/v1")',
      '<p>Calls https://api.openai.com/v1</p>',
      'mail("help@api.openai.com")',
      'host = "api.openai.com.example.org"',
    ],
  },
  {
    finds: 'base_url',
    as: 'literal',
    after: 'uses_openai ;',
    hit: [['endpoint = "https://acme.openai.azure.com/"', 'https://acme.openai.azure.com']],
    trap: ['endpoint = "https://acme.search.windows.net"'],
  },
  {
    finds: 'endpoint',
    hit: [
      ['post("https://api.openai.com/v1/chat/completions")', 'chat.completions'],
      ['post("https://api.openai.com/v1/audio/speech")', 'audio.speech'],
      ['get("https://api.openai.com/v1/models")', 'models.list'],
    ],
    trap: ['post("https://llm.example.com/v1/chatter")', 'get("https://platform.openai.com/docs/models")'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    after: 'uses_openai ;',
    hit: [['key = "sk-proj-Abcdefghijklmnopqrstuvwxyz0123456789ABCD"', '(hidden)']],
    trap: [
      'key = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
      'key = "sk-your-key-goes-here-and-nowhere-else-ever"',
    ],
  },
  {
    // In a file that does not name the API.
    finds: 'api_key',
    as: 'literal',
    hit: [
      ['send("sk-Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0nOp3rSt6v")', '(hidden)'],
      ['token: sk-proj-Zy9xWv_8uTs7rQp-6oNm5lKj4iHg3fEd2cBa1ZyXwVu0tSrQpOn', '(hidden)'],
    ],
    trap: [
      'send("sk-XXXXXXXXXXXXXXXXXXXXXXXX1XXXXXXXXXXXXXXXXXXXXXXX")',
      'send("sk-ant-Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0nOp3rSt6v")',
      'mistral.send("sk-Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0nOp3rSt6v")',
      'css("sk-menu-of-the-left-side-with-a-very-long-name-of-4-words")',
      'css("task-Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0nOp3rSt6v")',
    ],
  },
];
