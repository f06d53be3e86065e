/** Every request that reached the emulated GitHub over the network: what budgets are counted by. */

export interface LoggedRequest {
  readonly method: string;
  /** The pattern of the route, such as `/repos/:owner/:repo/issues/:number`. */
  readonly route: string;
  readonly path: string;
  readonly status: number;
  /** `gateway-rollout` for the App, `jwt` for its own JWT, a login for a person, null without a token. */
  readonly by: string | null;
}

export interface RequestLog {
  readonly all: readonly LoggedRequest[];
  add(request: LoggedRequest): void;
  clear(): void;
}

export function createLog(): RequestLog {
  let all: LoggedRequest[] = [];
  return {
    get all() {
      return all;
    },
    add(request) {
      all.push(request);
    },
    clear() {
      all = [];
    },
  };
}
