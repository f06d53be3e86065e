import type { Profile } from './profile.ts';

export const PROFILES: readonly Profile[] = [];
