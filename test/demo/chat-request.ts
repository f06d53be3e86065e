/** The parts of a chat completion request that the scripted model reads. */
import { z } from 'zod';

const jsonSchema = z.record(z.string(), z.unknown());
const part = z.looseObject({ type: z.string(), text: z.string().nullish() });
const message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(part)]).nullish(),
});
const tool = z.looseObject({
  type: z.string(),
  function: z.looseObject({ name: z.string(), parameters: jsonSchema.nullish() }),
});

/** The official API's ranges. Every limit counts output tokens. */
export const chatRequestSchema = z.looseObject({
  messages: z.array(message).min(1),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  tools: z.array(tool).nullish(),
  // `/responses` names the function beside the type, chat completions one level deeper.
  tool_choice: z
    .union([
      z.string(),
      z.looseObject({
        name: z.string().nullish(),
        function: z.looseObject({ name: z.string() }).nullish(),
      }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .looseObject({
      type: z.enum(['text', 'json_object', 'json_schema']),
      json_schema: z.looseObject({ schema: jsonSchema.nullish() }).nullish(),
    })
    .nullish(),
});

export type ChatRequest = z.infer<typeof chatRequestSchema>;
export type ChatMessage = z.infer<typeof message>;
export type FunctionTool = z.infer<typeof tool>;
