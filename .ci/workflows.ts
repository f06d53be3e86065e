/**
 * Writes every workflow that a document shows into a folder, so that linters can read it. Lines keep their numbers.
 * @example node .ci/workflows.ts /tmp/workflows
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shownWorkflows } from '../test/support/documents.ts';

const [folder = 'workflows'] = process.argv.slice(2);
const counts = new Map<string, number>();
mkdirSync(folder, { recursive: true });
for (const { file, text } of shownWorkflows()) {
  const count = (counts.get(file) ?? 0) + 1;
  counts.set(file, count);
  // `app-README.1.yml` is the first one of `app/README.md`.
  writeFileSync(
    path.join(
      folder,
      `${file
        .replace('.github/workflows/', '')
        .replaceAll('/', '-')
        .replace(/\.\w+$/, '')}.${count}.yml`,
    ),
    text,
  );
}
