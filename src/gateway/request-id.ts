/** The name that an endpoint gave a request, and where it stood. */
export interface RequestId {
  readonly value: string;
  /** A header's name in lower case, `body` for a field of the body, or `message` for one inside an error's text. */
  readonly source: string;
}
