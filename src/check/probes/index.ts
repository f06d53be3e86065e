import type { Probe } from '../probe.ts';
import { abilityProbes } from './abilities.ts';
import { authProbes } from './auth.ts';
import { chatProbes } from './chat.ts';
import { clientProbes } from './client.ts';
import { compareProbes } from './compare.ts';
import { connectionProbes } from './connection.ts';
import { embeddingProbes } from './embeddings.ts';
import { endpointProbes, hostedToolProbes } from './endpoints.ts';
import { fidelityProbes } from './fidelity.ts';
import { modelProbes } from './models.ts';
import { responsesProbes } from './responses.ts';
import { reviewProbes } from './review.ts';
import { streamProbes } from './stream.ts';
import { thoroughProbes } from './thorough.ts';
import { toolProbes } from './tools.ts';

/** All probes, the most fundamental family first: the first failure is the one to fix first. */
export const PROBES: readonly Probe[] = [
  ...connectionProbes,
  ...authProbes,
  ...modelProbes,
  ...chatProbes,
  ...streamProbes,
  ...toolProbes,
  ...embeddingProbes,
  ...responsesProbes,
  ...endpointProbes,
  ...hostedToolProbes,
  ...abilityProbes,
  ...clientProbes,
  ...reviewProbes,
  ...compareProbes,
  ...thoroughProbes,
  ...fidelityProbes,
];
