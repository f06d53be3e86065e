/**
 * The script and style sheets of the pages: uPlot, which draws the charts, and our own. This module reads files when it
 * is loaded. The bundle contains its values from build time, so it reads nothing.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const ours = (name: string): string => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');
const theirs = (name: string): string => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8');

export const PAGE_SCRIPT = `${theirs('uPlot.iife.min.js').trim()}\n${ours('charts.js').trim()}`;
export const PAGE_STYLE = `${theirs('uPlot.min.css').trim()}\n${ours('style.css').trim()}`;
