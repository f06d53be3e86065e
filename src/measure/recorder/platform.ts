/** The platform behind an arm: its profile knows its refusals and its header for request IDs. */

import type { Arm } from '../../config/arms.ts';
import { profileByName, recogniseProfile } from '../../gateway/profiles/index.ts';
import { openai } from '../../gateway/profiles/openai.ts';
import type { Profile } from '../../gateway/profiles/profile.ts';

export interface PlatformOptions {
  readonly arm: Arm;
  readonly access: { readonly baseUrl: string };
  /** Name of a platform's profile, or `auto`. */
  readonly profile: string;
}

/** A platform is recognised from its first responses, or never. */
const RESPONSES_EXAMINED = 20;

/** Finds the platform from the config, its host, or its first responses. */
export class Platform {
  /** Null while unknown. */
  profile: Profile | null;
  readonly #baseUrl: string;
  #responsesLeft: number;

  constructor({ arm, access, profile }: PlatformOptions) {
    this.#baseUrl = access.baseUrl;
    this.#responsesLeft = arm === 'gateway' && profile === 'auto' ? RESPONSES_EXAMINED : 0;
    if (arm === 'official') this.profile = openai;
    else this.profile = profile === 'auto' ? recogniseProfile(access.baseUrl, []) : profileByName(profile);
  }

  /** @param headers of a response, names in lower case */
  recogniseFrom(headers: Readonly<Record<string, string>>): void {
    if (this.profile !== null || this.#responsesLeft === 0) return;
    this.#responsesLeft -= 1;
    this.profile = recogniseProfile(this.#baseUrl, [{ headers, json: undefined }]);
  }
}
