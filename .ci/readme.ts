/**
 * Writes the generated parts of the documents, between `<!-- generated: name -->` and `<!-- /generated -->`, and the commits
 * of GitHub's actions in the workflows that they show. A test fails when a document is out of date.
 * @example node .ci/readme.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DOCUMENTS, RECIPE_WORKFLOWS } from '../test/support/documents.ts';
import { configSections, metricsTable } from './config-reference.ts';
import { matrixTables } from './inventory-matrix.ts';
import { commandHelp, inputsTable, outputsTable, slashCommandsTable } from './reference.ts';

const root = path.resolve(import.meta.dirname, '..');

/** The generated parts of each document, with the function that writes them. */
const PARTS: Readonly<Record<string, Readonly<Record<string, () => string | Promise<string>>>>> = {
  'src/commands/README.md': { commands: commandHelp, inputs: inputsTable, outputs: outputsTable },
  'src/inventory/README.md': { matrix: matrixTables },
  'app/README.md': { 'slash commands': slashCommandsTable },
  'src/config/README.md': { settings: configSections, metrics: metricsTable },
};

/**
 * All documents and the recipes' workflows, up to date. Writes nothing.
 * @returns path from the root of the repository → its whole text
 * @throws where a document lacks the markers of a part
 */
export async function currentDocuments(): Promise<ReadonlyMap<string, string>> {
  const pins = await pinsOf('.github/workflows/ci.yml');
  const documents = [...DOCUMENTS, ...RECIPE_WORKFLOWS].map(async (document) => {
    let text = await readFile(path.join(root, document), 'utf8');
    const parts = Object.entries(PARTS[document] ?? {});
    for (const [name, write] of parts) text = withPart(text, document, name, await write());
    return [document, text.replaceAll(PIN, (pin, action) => pins.get(action) ?? pin)] as const;
  });
  return new Map(await Promise.all(documents));
}

/** An action at a commit, with its version as a comment. */
const PIN = /\b(actions\/[\w/-]+)@[0-9a-f]{40} # v[\d.]+/g;

/** The pins that a workflow of ours uses, which Dependabot updates, by action. */
async function pinsOf(workflow: string): Promise<ReadonlyMap<string, string>> {
  const pins = (await readFile(path.join(root, workflow), 'utf8')).matchAll(PIN);
  return new Map([...pins].map(([pin, action = '']) => [action, pin]));
}

function withPart(text: string, document: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const end = '<!-- /generated -->';
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) {
    throw new Error(
      `${document} has no markers for "${name}". Put ${begin} and ${end} on their own lines where it belongs.`,
    );
  }
  return `${text.slice(0, from)}${begin}\n${content.trimEnd()}\n${text.slice(to)}`;
}

if (import.meta.main) {
  for (const [document, text] of await currentDocuments()) await writeFile(path.join(root, document), text);
}
