/** A whole chat completion, as an endpoint sends it. */
export const COMPLETION = {
  id: 'c1',
  object: 'chat.completion',
  usage: { prompt_tokens: 3, completion_tokens: 1 },
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'pong' } }],
};
