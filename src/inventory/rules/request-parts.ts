import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { rulesFor } from '../rule.ts';
import type { ApiFeature } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';

/** Server-side tools, as the AI SDK's provider and the Agents SDK name them. */
const PROVIDER_TOOLS = byName<ApiFeature>({
  web_search: ['webSearch', 'webSearchPreview', 'WebSearchTool'],
  file_search: ['fileSearch', 'FileSearchTool'],
  code_interpreter: ['codeInterpreter', 'CodeInterpreterTool'],
  image_generation: ['imageGeneration', 'ImageGenerationTool'],
  computer_use: ['ComputerTool'],
  mcp: ['HostedMCPTool'],
});

/** Message parts, server-side tools and response formats. */
export const REQUEST_PART_RULES = rulesFor({ families: JAVASCRIPT_AND_PYTHON, needs: 'mention' }, [
  {
    id: 'request-provider-tool',
    kind: 'feature',
    pattern: pattern()`\b(?:openai\.tools\.|(?=[A-Z]))(?<value>${anyOf(PROVIDER_TOOLS)})\(`,
    value: (name) => PROVIDER_TOOLS[name] ?? null,
  },
]);
