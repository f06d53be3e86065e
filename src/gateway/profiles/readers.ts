/** Readers shared by several profiles. */
import { numberField, textField } from '../json.ts';

/** `12.4` and `USD` make `12.40 USD`. */
export function currencyAmount(value: number, currency: string): string {
  // Half a cent of debt is no debt: without `|| 0`, it reads "-0.00".
  return `${(Math.round(value * 100) / 100 || 0).toFixed(2)} ${currency}`;
}

/** The entries that have a name in this field; the others are left out. Null where they are not a list. */
export function named<T>(
  entries: unknown,
  nameField: string,
  read: (entry: unknown, name: string) => T,
): T[] | null {
  if (!Array.isArray(entries)) return null;
  return entries.flatMap((entry) => {
    const name = textField(entry, nameField);
    return name === null ? [] : [read(entry, name)];
  });
}

/** USD per token (a number, or text as on OpenRouter), converted to USD per million tokens. */
export function perMillion(entry: unknown, fieldName: string): number | null {
  const text = textField(entry, fieldName);
  const perToken = text === null ? numberField(entry, fieldName) : Number(text);
  // Rounded, because 0.00000015 × 1,000,000 is not 0.15 in binary floating point.
  return perToken === null || !(perToken >= 0) ? null : Number((perToken * 1_000_000).toPrecision(12));
}
