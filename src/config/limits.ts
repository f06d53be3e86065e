/** A configuration is a page or two; a larger file is something else. */
export const MAX_BYTES = 256 * 1024;
