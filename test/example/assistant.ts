/** A product that asks a model: one client, whose requests are split by a file that the rollout writes. */
import { type RolloutOptions, rolloutFetch } from 'gateway-rollout/client';
import OpenAI from 'openai';

/** Where a client sends its requests. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface AssistantSettings extends RolloutOptions {
  readonly official: Endpoint;
  readonly model: string;
}

export class Assistant {
  readonly #client: OpenAI;
  readonly #model: string;

  constructor({ official, model, ...rollout }: AssistantSettings) {
    const { baseUrl, apiKey } = official;
    this.#client = new OpenAI({ baseURL: baseUrl, apiKey, fetch: rolloutFetch(rollout) });
    this.#model = model;
  }

  /** Sticky per user: a user keeps the same arm until the share changes. */
  async ask(user: string, question: string): Promise<string> {
    const { choices } = await this.#client.chat.completions.create(
      { model: this.#model, messages: [{ role: 'user', content: question }] },
      { headers: { 'X-Rollout-Unit': user } },
    );
    return choices[0]?.message.content ?? '';
  }
}
