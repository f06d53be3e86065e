/** Whose words the refusals are in, and which headers name a request. */
import { profileByName, recogniseProfile } from '../../gateway/profiles/index.ts';
import { openai } from '../../gateway/profiles/openai.ts';
import type { Profile } from '../../gateway/profiles/profile.ts';
import type { Arm } from '../record.ts';

export interface PlatformOptions {
  readonly arm: Arm;
  readonly target: { readonly baseUrl: string };
  /** Name of a platform's profile, or `auto`. */
  readonly profile: string;
}

/** Who a platform is shows in its first answers, or never. */
const ANSWERS_EXAMINED = 20;

/** Which platform answers: as configured, by its host, or by its first answers. */
export class Platform {
  #profile: Profile | null;
  readonly #baseUrl: string;
  #answersLeft: number;

  constructor({ arm, target, profile }: PlatformOptions) {
    this.#baseUrl = target.baseUrl;
    this.#answersLeft = arm === 'gateway' && profile === 'auto' ? ANSWERS_EXAMINED : 0;
    if (arm === 'official') this.#profile = openai;
    else this.#profile = profile === 'auto' ? recogniseProfile(target.baseUrl, []) : profileByName(profile);
  }

  get profile(): Profile | null {
    return this.#profile;
  }

  /** @param headers of an answer, names in lower case */
  recogniseFrom(headers: Readonly<Record<string, string>>): void {
    if (this.#profile !== null || this.#answersLeft === 0) return;
    this.#answersLeft -= 1;
    this.#profile = recogniseProfile(this.#baseUrl, [{ headers, json: undefined }]);
  }
}
