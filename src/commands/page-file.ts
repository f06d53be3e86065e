/** The file of an HTML page. */
import { writeFile } from 'node:fs/promises';

/**
 * Writes a page. Before a long run it is written empty: what cannot be written is told then, and the page of an
 * earlier run is never taken for the new one.
 * @param name how the message calls the file
 * @returns why it could not be written, or null
 */
export async function writePage(path: string, page: string, name: string): Promise<string | null> {
  try {
    await writeFile(path, page);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The page cannot be written to ${name}: ${reason}. Name a file in a directory that exists.`;
  }
}
