/** All routes that stand in front of the emulator; the first that matches answers. */
import type { Route } from '../router.ts';
import { appRoutes } from './apps.ts';
import { gitRoutes } from './git.ts';
import { issueRoutes } from './issues.ts';
import { peopleRoutes } from './people.ts';
import { reactionRoutes } from './reactions.ts';
import { variableRoutes } from './variables.ts';

export const routes: readonly Route[] = [
  ...appRoutes,
  ...reactionRoutes,
  ...issueRoutes,
  ...gitRoutes,
  ...variableRoutes,
  ...peopleRoutes,
];
