import { rulesFor } from '../rule.ts';
import { inAnySpelling, pattern } from '../vocabulary.ts';
import { CLIENT_METHODS, endpointOfMethod } from './client-methods.ts';
import { lastName } from './client-options.ts';
import { isOfGoClient } from './constructions.ts';

/** Keys and endpoints in Go. */
export const GO_RULES = rulesFor({ families: ['go'] }, [
  {
    id: 'go-api-key-option',
    kind: 'api_key',
    pattern:
      /\b(?:option\.WithAPIKey|openai\.WithToken|azure\.WithAPIKey|\w+\.(?:NewClient|NewOrgClient|DefaultConfig|DefaultAzureConfig))\(\s*(?<value>[A-Za-z&*][\w.[\]]{0,80})\s*[,)]/,
    needs: 'client',
    value: (expression) =>
      /^(?:option|opts|openai|ctx|azure|&|http)/.test(expression) ? null : lastName(expression),
    accept: (found) => /^(?:option|openai|azure)\./.test(found.match[0]) || isOfGoClient(found),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'go-openai-endpoint',
    kind: 'endpoint',
    sdk: 'go-openai',
    pattern: pattern()`\.(?<value>(?:${inAnySpelling(Object.keys(CLIENT_METHODS))})(?:Stream)?|ListMessage|SubmitToolOutputs)\((?!\))`,
    needs: ['go-openai'],
    // A program's own method may have the name of the client's.
    accept: ({ before, fileHolds, value }) =>
      /client\W*$/i.test(before) ||
      fileHolds(new RegExp(`\\b${/(\w+)\.$/.exec(before)?.[1]}\\s*:?=\\s*openai\\.New`)) ||
      !fileHolds(new RegExp(`\\bfunc \\([^()\\n]{1,60}\\) ${value}\\(`)),
    value: (method) => endpointOfMethod(method) ?? 'threads',
  },
  {
    id: 'langchaingo-endpoint',
    kind: 'endpoint',
    sdk: 'langchaingo',
    pattern:
      /\b(?<value>llms\.GenerateFromSinglePrompt|\w+\.GenerateContent|\w+\.CreateEmbedding|embeddings\.NewEmbedder)\(/,
    needs: ['langchaingo'],
    value: (call) => (/mbed/.test(call) ? 'embeddings' : 'chat.completions'),
  },
]);
