import { variableIn } from '../call-options.ts';
import { rulesFor } from '../rule.ts';
import { lastName } from './client-options.ts';

/** Clients in .NET: connection strings and keys. */
export const DOTNET_CLIENT_RULES = rulesFor({ families: ['dotnet'] }, [
  {
    id: 'dotnet-connection-string',
    kind: 'base_url',
    pattern:
      /\b(?:GetConnectionString|AddConnectionString|AddOpenAIClient|AddAzureOpenAIClient|AddAzureOpenAI|AddOpenAI)\(\s*(?:"(?<value>\w*(?:openai|\bai|chat|llm|gpt)\w*)"|(?<=\.Add(?:Azure)?OpenAIClient\(\s*)(?<name>\w+)(?=,\s*\w+\s*=>|\)))/i,
    value: (value, { match: { groups } }) => groups?.name ?? value,
    accept: ({ match, value }) =>
      /OpenAI/i.test(match[0]) && (/^(?:Get|Add)Connection/.test(match[0]) ? /openai/i.test(value) : true),
    hardCoded: false,
    confidence: 'medium',
    note: 'A connection string: Endpoint=…;Key=….',
  },
  {
    id: 'dotnet-api-key-option',
    kind: 'api_key',
    pattern:
      /(?:\bnew\s+(?:OpenAI_API\.)?(?:ApiKeyCredential|AzureKeyCredential|OpenAIAPI|APIAuthentication|OpenAIAuthentication)\(|\.AddOpenAI\w+\([^;]{0,200}?\bapiKey:|\bnew\s+(?:ChatClient|EmbeddingClient|AudioClient|ImageClient)\([^;]{0,120}?\bapiKey:)(?!\s*\$?@?")\s*(?<value>[A-Za-z_][^\n;]{0,120})/,
    needs: 'client',
    value: (expression) =>
      variableIn(expression) ?? settingIn(expression) ?? lastName(expression.replace(/[),;].*$/, '')),
    hardCoded: false,
    confidence: 'medium',
  },
]);

/** `config["OpenAI:Endpoint"]`, `GetValue<string>("OpenAI:Endpoint")` → `OpenAI:Endpoint`. */
const settingIn = (expression: string): string | null =>
  /[[(]\s*"([\w:.-]*[:_][\w:.-]*)"\s*[\])]/.exec(expression)?.[1] ?? null;
