/** The places where a quirk may reach into the well-behaved gateway. */
import type { Completion, CompletionChunk } from './chat.ts';
import type { GatewayRequest, Reply } from './reply.ts';

/** What a running gateway knows; handlers and quirks get it with every request. */
export interface Gateway {
  readonly models: readonly string[];
  readonly validKey: string;
  /** Time over which a stream spreads its chunks. */
  readonly streamMs: number;
  /** Silence of `hidden-retries` before a refusal. */
  readonly silenceMs: number;
  /** Time of `slow` before every answer. */
  readonly slowMs: number;
  /** Where `redirect` points to. */
  readonly redirectTo: string;
  readonly hooks: readonly QuirkHooks[];
}

/** Pure functions; each of them is called at its place, in the order in which the quirks were named. */
export interface QuirkHooks {
  /** One line: what such a gateway does. */
  readonly does: string;
  /** Sees the request before the gateway does: another request, or a reply that ends the matter. */
  readonly request?: (request: GatewayRequest, gateway: Gateway) => GatewayRequest | Reply;
  /** Sees a chat completion before it is sent whole or cut into chunks. */
  readonly completion?: (completion: Completion, request: GatewayRequest) => Completion;
  /** Sees the chunks of a streamed chat completion, without `[DONE]`. */
  readonly chunks?: (chunks: readonly CompletionChunk[]) => readonly CompletionChunk[];
  /** Sees every reply, with its headers, before it is written. */
  readonly reply?: (reply: Reply, request: GatewayRequest, gateway: Gateway) => Reply;
}

export type Handler = (request: GatewayRequest, gateway: Gateway) => Reply;
