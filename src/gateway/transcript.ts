/** One `data:` payload of an event stream. */
export interface Chunk {
  /** Parsed payload, or `undefined` where it is not JSON. */
  readonly json: unknown;
  /** The payload as it came (at most 16 KiB). */
  readonly data: string;
  /** `event:` field, e.g. `response.completed`; `''` where none was given. */
  readonly event: string;
  /** Milliseconds from sending the request to the arrival of the last byte of this chunk. */
  readonly atMs: number;
}

/** A whole event stream, as it was received. */
export interface Transcript {
  readonly chunks: readonly Chunk[];
  /** Whether `data: [DONE]` arrived. */
  readonly done: boolean;
  /** `eof`: the body ended in order; `cut`: the socket died or the chunked body was incomplete; `deadline`. */
  readonly end: 'eof' | 'cut' | 'deadline';
  /** Comment lines (keep-alives), and bytes that are no valid event-stream field. */
  readonly comments: number;
  readonly malformed: number;
  /** Arrival of the first chunk and of the end of the stream, in milliseconds from sending. */
  readonly firstChunkMs: number | null;
  readonly totalMs: number;
}
