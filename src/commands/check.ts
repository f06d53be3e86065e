import path from 'node:path';
import type { CheckReport } from '../check/report.ts';
import type { CheckProgress, runCheck } from '../check/run.ts';
