/** The licence texts of packages that are copied into `dist/`. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).optional(),
});

/** Copyright lines that only the repositories of these packages have. */
const COPYRIGHT: Readonly<Record<string, string>> = {
  '@nodable/entities': 'Copyright (c) 2026 Nodable',
};

/** Licences that ask for no notice. */
const WITHOUT_CONDITIONS: Readonly<Record<string, string>> = {
  Unlicense: 'This is free and unencumbered software released into the public domain: https://unlicense.org',
};

/** Our own licence is MIT, so its text serves for packages that only name MIT. */
const OWN_LICENCE = path.resolve(import.meta.dirname, '../LICENSE');

/** One section per package, sorted by name. Throws if a package has no licence text. */
export async function licenceSections(directories: readonly string[]): Promise<string> {
  const sections = await Promise.all(directories.map(sectionOf));
  return `Packages that are part of this bundle, and their licences.\n\n${[...new Set(sections)].sort().join('\n\n\n')}\n`;
}

/** Files named after a licence or notice; else that part of the README; else the MIT text with the package's copyright line. */
async function sectionOf(directory: string): Promise<string> {
  const about = packageSchema.safeParse(await readJson(path.join(directory, 'package.json')));
  if (!about.success) throw new Error(`${directory}/package.json names no licence.`);
  const { name, version, license } = about.data;
  const entries = (await readdir(directory)).sort();
  const texts = await Promise.all(
    entries.filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry)).map(read),
  );
  if (texts.length === 0)
    texts.push((await ofReadme()) ?? WITHOUT_CONDITIONS[license] ?? (await ofMit(about.data)));
  const title = `${name} ${version} (${license})`;
  return `${title}\n${'-'.repeat(title.length)}\n${texts.join('\n\n')}`;

  async function read(entry: string): Promise<string> {
    return (await readFile(path.join(directory, entry), 'utf8')).replaceAll('\r\n', '\n').trim();
  }

  async function ofReadme(): Promise<string | null> {
    const readme = entries.find((entry) => /^readme/i.test(entry));
    const section = /^#+ licen[cs]e\s*$(.*?)(?=^#+ |$(?![\s\S]))/ims.exec(
      readme === undefined ? '' : await read(readme),
    );
    const text = section?.[1]?.trim() ?? '';
    return /copyright/i.test(text) && /permission/i.test(text) ? text : null;
  }
}

async function ofMit({ name, license, author }: z.infer<typeof packageSchema>): Promise<string> {
  const holder = author?.replace(/\s*[<(].*$/, '') ?? '';
  const copyright = COPYRIGHT[name] ?? (holder === '' ? null : `Copyright (c) ${holder}`);
  if (license !== 'MIT' || copyright === null) {
    throw new Error(
      `${name} (${license}) has no licence text, so it can't be part of the bundle. Leave it out, or find its text.`,
    );
  }
  return (await readFile(OWN_LICENCE, 'utf8')).trim().replace(/^Copyright .*$/m, copyright);
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
