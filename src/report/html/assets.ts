/**
 * What the page is made of besides its text: uPlot, which draws the charts, our script that feeds it, and the
 * style sheets. This module reads files when it is loaded; the bundle holds it as it was evaluated at build time,
 * so that nothing needs to be read there.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const ours = (name: string): string => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');
const theirs = (name: string): string => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8');

export const PAGE_SCRIPT = `${theirs('uPlot.iife.min.js').trim()}\n${ours('charts.js').trim()}`;
export const PAGE_STYLE = `${theirs('uPlot.min.css').trim()}\n${ours('style.css').trim()}`;
