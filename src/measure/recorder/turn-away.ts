/** Requests that the recorder refuses by itself, in the form of the OpenAI API. */
import type { ServerResponse } from 'node:http';
import { BODY_LIMIT_MB } from './client-request.ts';

export interface TurnAway {
  readonly status: number;
  readonly message: string;
}

export const WRONG_KEY: TurnAway = {
  status: 401,
  message: 'The recorder accepts only the key in OPENAI_API_KEY. Use that key.',
};

export const ELSEWHERE: TurnAway = {
  status: 404,
  message:
    'The recorder serves only paths under OPENAI_BASE_URL. Use that base URL, without ".." in the path.',
};

export const TOO_LARGE: TurnAway = {
  status: 413,
  message: `The request body is larger than ${BODY_LIMIT_MB} MB, the most that the recorder forwards. Send less, or run this part of the program without the recorder.`,
};

export const UNDECODABLE: TurnAway = {
  status: 502,
  message:
    "The endpoint's response does not decompress as its content-encoding says. The recorder did not forward it, because it could contain a key.",
};

/** Refuses a request that was read to its end: many clients don't see a response before they have sent everything. */
export function turnAway({ status, message }: TurnAway, outgoing: ServerResponse) {
  const error = { message, type: 'invalid_request_error', param: null, code: 'gateway_rollout_recorder' };
  // A retry would not help.
  const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' };
  const body = { error };
  outgoing.writeHead(status, headers).end(JSON.stringify(body));
  return { status, body };
}
