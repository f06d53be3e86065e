/** All known platforms. To support another one, add a file and a line here. */
import { litellm } from './litellm.ts';
import { newApi } from './new-api.ts';
import { oneApi } from './one-api.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import { portkey } from './portkey.ts';
import type { Profile } from './profile.ts';
import { sub2api } from './sub2api.ts';
import { zivv } from './zivv.ts';

/** In the order in which responses are recognised: New API before one-api, whose header it still sends. */
export const PROFILES: readonly Profile[] = [
  zivv,
  openai,
  openrouter,
  portkey,
  litellm,
  newApi,
  oneApi,
  sub2api,
];

/** @returns null for an unknown name */
export function profileByName(name: string): Profile | null {
  return PROFILES.find((profile) => profile.name === name) ?? null;
}

/**
 * The platform behind a base URL: by its host, else by its responses.
 *
 * @param responses headers (lower-case names) and parsed bodies of the responses so far
 * @returns null when the platform is unknown
 */
export function recogniseProfile(
  baseUrl: string,
  responses: readonly Parameters<Profile['recognise']>[0][],
): Profile | null {
  const { hostname } = new URL(baseUrl);
  const isHost = (host: string) => hostname === host || hostname.endsWith(`.${host}`);
  return (
    PROFILES.find(({ hosts }) => hosts.some(isHost)) ??
    PROFILES.find((profile) => responses.some((response) => profile.recognise(response))) ??
    null
  );
}
