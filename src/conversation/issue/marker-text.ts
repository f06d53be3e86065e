/**
 * Text inside the HTML comments by which the App finds its own parts of the issue: nothing may end such a comment,
 * and GitHub's Markdown allows no two hyphens in it. {@link markerValue} gives the text back.
 */
export function markerText(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('--', '-%2D');
}

/** The text of {@link markerText}; null where somebody changed it. */
export function markerValue(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
