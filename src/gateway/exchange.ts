/**
 * The outcome of a request, as one union: a response, or the reason why none arrived.
 * Nothing in this project throws for what an endpoint does.
 */

import type { NoResponse, Refusal } from './refusal.ts';
import type { RequestId } from './request-id.ts';
import type { Transcript } from './transcript.ts';

/** The endpoint responded; `refusal` says whether it served the request. */
export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Media type in lower case without parameters; `''` when the endpoint sends none. */
  readonly contentType: string;
  /** The body as text, cut at 1 Mi characters. For an event stream: everything that arrived. */
  readonly text: string;
  /** The body parsed, or `undefined` where it is not JSON. */
  readonly json: unknown;
  /** From sending to the last byte, in milliseconds. */
  readonly durationMs: number;
  readonly requestId: RequestId | null;
  /** The chunks, when the body is an event stream. */
  readonly transcript: Transcript | null;
  /**
   * Set when the status is not 2xx, and when a 2xx has an error object or is not JSON. An error inside a served
   * event stream is not here: `chatStream` and `errorInside` read it.
   */
  readonly refusal: Refusal | null;
}

export type Exchange = HttpResponse | NoResponse;
