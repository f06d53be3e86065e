/** The Markdown of the repository, taken apart. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

/** Every document, by its path from the root of the repository. */
export const DOCUMENTS: readonly string[] = globSync('**/*.md', {
  cwd: root,
  exclude: ['**/node_modules/**', 'dist/**', 'coverage/**'],
}).sort();

/** The text of a file of the repository. */
export const readDocument = (path: string): string => readFileSync(resolve(root, path), 'utf8');

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The contents of all code blocks of a language. */
export function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(FENCE)]
    .filter(([, written]) => written === language)
    .map(([, , block]) => block ?? '');
}

/** Workflows that users copy from a recipe, or that `init` writes. */
export const RECIPE_WORKFLOWS: readonly string[] = globSync(
  ['test/recipes/*/.github/workflows/*.yml', 'src/commands/init/templates/gateway-*.yml'],
  { cwd: root },
).sort();

export interface ShownWorkflow {
  /** The document that shows it, or the recipe's file. */
  readonly file: string;
  /** The workflow below as many empty lines as precede it, so that lines count as in `file`. */
  readonly text: string;
}

/** Every workflow that a document shows, indented ones included, or that a recipe holds. */
export function shownWorkflows(): ShownWorkflow[] {
  const blocks = DOCUMENTS.flatMap((file) => workflowsIn(readDocument(file)).map((text) => ({ file, text })));
  return [...blocks, ...RECIPE_WORKFLOWS.map((file) => ({ file, text: readDocument(file) }))];
}

/** See `shownWorkflows`. */
export function workflowsIn(document: string): string[] {
  const fenced = document.matchAll(/^( *)```ya?ml\n([\s\S]*?)^\1```$/gm);
  return [...fenced]
    .map(({ index, 1: indent = '', 2: block = '' }) => {
      const above = document.slice(0, index).split('\n').length;
      return '\n'.repeat(above) + block.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    })
    .filter((text) => parse(text)?.jobs !== undefined);
}

/** What stands in code: lines of `sh` and `text` blocks, and spans within a sentence. */
export function codeOf(text: string): string[] {
  const lines = ['sh', 'text'].flatMap((language) =>
    blocksOf(text, language).flatMap((block) => block.split('\n')),
  );
  const spans = [...text.replaceAll(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? '');
  return [...lines, ...spans];
}

/** Targets of all links and pictures, as they are written. */
export function linksOf(text: string): string[] {
  const prose = text.replaceAll(FENCE, '').replaceAll(/`[^`\n]+`/g, 'code');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|<(?:img|a)\s[^>]*?(?:src|href)="([^"]+)"/g)];
  return links.map(([, markdown, html]) => markdown ?? html ?? '');
}

/** The anchors that GitHub gives to the headings. */
export function anchorsOf(text: string): string[] {
  return [...text.replaceAll(FENCE, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
