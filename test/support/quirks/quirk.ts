/** The hooks with which a quirk changes the well-behaved gateway. */
import type { Completion, CompletionChunk } from './chat.ts';
import type { GatewayRequest, Reply } from './reply.ts';

/** The settings of a running gateway, for handlers and quirks. */
export interface Gateway {
  readonly models: readonly string[];
  readonly validKey: string;
  /** Time over which a stream spreads its chunks. */
  readonly streamMs: number;
  /** Delay of `hidden-retries` before a refusal. */
  readonly silenceMs: number;
  /** Delay of `slow` before every response. */
  readonly slowMs: number;
  /** The target of `redirect`. */
  readonly redirectTo: string;
  /** What a pool of upstreams draws from. */
  readonly random: () => number;
  readonly hooks: readonly QuirkHooks[];
}

/** Pure functions, called in the order in which the quirks were named. */
export interface QuirkHooks {
  /** One line: what such a gateway does. */
  readonly does: string;
  /** Gets the request before the gateway: returns a changed request, or the reply. */
  readonly request?: (request: GatewayRequest, gateway: Gateway) => GatewayRequest | Reply;
  /** Changes a chat completion before it is sent or split into chunks. */
  readonly completion?: (completion: Completion, request: GatewayRequest) => Completion;
  /** Changes the chunks of a streamed chat completion, without `[DONE]`. */
  readonly chunks?: (chunks: readonly CompletionChunk[]) => readonly CompletionChunk[];
  /** Changes every reply, with its headers, before it is written. */
  readonly reply?: (reply: Reply, request: GatewayRequest, gateway: Gateway) => Reply;
}

export type Handler = (request: GatewayRequest, gateway: Gateway) => Reply;
