/** A product that asks a model: two clients that differ only in address and key, and one flag. */
import type { Client } from '@openfeature/server-sdk';
import OpenAI from 'openai';

/** Where a client sends its requests. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface AssistantSettings {
  readonly official: Endpoint;
  readonly gateway: Endpoint;
  readonly flags: Client;
  readonly model: string;
}

export class Assistant {
  readonly #clients: { readonly official: OpenAI; readonly gateway: OpenAI };
  readonly #flags: Client;
  readonly #model: string;

  constructor({ official, gateway, flags, model }: AssistantSettings) {
    const client = ({ baseUrl, apiKey }: Endpoint) => new OpenAI({ baseURL: baseUrl, apiKey });
    this.#clients = { official: client(official), gateway: client(gateway) };
    this.#flags = flags;
    this.#model = model;
  }

  /** Sticky per user: a user keeps the same arm until the share changes. */
  async ask(user: string, question: string): Promise<string> {
    const client = this.#clients[await this.#armOf(user)];
    const { choices } = await client.chat.completions.create({
      model: this.#model,
      messages: [{ role: 'user', content: question }],
    });
    return choices[0]?.message.content ?? '';
  }

  /** Everything stays on the official API if the flag is missing or has an unknown value. */
  async #armOf(user: string): Promise<'official' | 'gateway'> {
    const arm = await this.#flags.getStringValue('llm-gateway', 'official', { targetingKey: user });
    return arm === 'gateway' ? 'gateway' : 'official';
  }
}
