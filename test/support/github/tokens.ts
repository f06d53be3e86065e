/** Whose token a request carries. Unknown and expired ones are refused, which the emulator would not do. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Permissions } from './permissions.ts';
import type { GithubResponse } from './response.ts';
import type { AppOfWorld, Caller } from './world.ts';

export interface Tokens {
  /** Null without a token, `unknown` for an invalid one. */
  callerOf(authorization: string | undefined): Caller | 'unknown' | null;
  /** Notes a token that a response gave out. */
  learn(path: string, response: GithubResponse): void;
  /** A token of a job of GitHub Actions, with the permissions of its workflow. */
  ofJob(permissions: Permissions): string;
  ofPerson(login: string): string;
  /** All tokens of installations stop working, as after an hour. */
  expire(): void;
}

const givenSchema = z.object({
  token: z.string(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])),
});

export const ACTIONS = { id: 15_368, slug: 'github-actions' };

export function createTokens(app: AppOfWorld): Tokens {
  const callers = new Map<string, () => Caller>();
  const isJwt = (token: string): boolean => token.split('.').length === 3;

  return {
    callerOf(authorization) {
      if (authorization === undefined) return null;
      const token = authorization.replace(/^(token|bearer) /i, '');
      if (isJwt(token)) return { kind: 'jwt', token };
      return callers.get(token)?.() ?? 'unknown';
    },
    learn(path, response) {
      if (response.status !== 201 || !/^\/app\/installations\/\d+\/access_tokens$/.test(path)) return;
      const { token } = givenSchema.parse(JSON.parse(String(response.body)));
      // What an installation may do changes when its owner accepts other permissions, also for tokens given out.
      callers.set(token, () => ({ kind: 'app', slug: app.slug, permissions: app.permissions }));
    },
    ofJob(permissions) {
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      callers.set(token, () => ({ kind: 'app', slug: ACTIONS.slug, permissions }));
      return token;
    },
    ofPerson(login) {
      const token = `ghp_${login}`;
      callers.set(token, () => ({ kind: 'person', login }));
      return token;
    },
    expire() {
      for (const [token, caller] of callers) if (caller().kind === 'app') callers.delete(token);
    },
  };
}
