/**
 * A secret in all forms that are likely to reach a log, so that the runner masks them: each of its lines, base64 with
 * and without padding, and encoded for a URL or JSON.
 */
export function maskedForms(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const forms = [
    secret,
    secret.trim(),
    ...secret.split(/\r?\n/),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(Buffer.from(secret).toString()),
    JSON.stringify(secret).slice(1, -1),
  ];
  return [...new Set(forms)].filter((form) => form.trim() !== '');
}
