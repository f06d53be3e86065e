/**
 * Text inside the HTML comments by which the App finds its own places in the issue: nothing may end such a comment,
 * and GitHub's Markdown takes no two hyphens in it. {@link markerValue} gives the text back.
 */
export function markerText(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('--', '-%2D');
}

/** The text of {@link markerText}; null where it was tampered with. */
export function markerValue(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
