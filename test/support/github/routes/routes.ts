/** All routes in front of the emulator; the first one that matches responds. */
import type { Route } from '../router.ts';
import { appRoutes } from './apps.ts';
import { archiveRoutes } from './archives.ts';
import { checkRoutes } from './checks.ts';
import { deploymentRoutes } from './deployments.ts';
import { dispatchRoutes } from './dispatches.ts';
import { gitRoutes } from './git.ts';
import { issueRoutes } from './issues.ts';
import { peopleRoutes } from './people.ts';
import { pullRoutes } from './pulls.ts';
import { reactionRoutes } from './reactions.ts';
import { runRoutes } from './runs.ts';
import { variableRoutes } from './variables.ts';

export const routes: readonly Route[] = [
  ...appRoutes,
  ...reactionRoutes,
  ...issueRoutes,
  ...gitRoutes,
  ...variableRoutes,
  ...deploymentRoutes,
  ...dispatchRoutes,
  ...runRoutes,
  ...archiveRoutes,
  ...checkRoutes,
  ...pullRoutes,
  ...peopleRoutes,
];
