import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { embeddedJson, html } from '../../../src/report/html/markup.ts';
import { HOSTILE } from '../rollouts.ts';

describe('markup', () => {
  test('no text can form a tag or end an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { html: out } = html`<p title="${text}">${text}</p>`;
        expect(out.match(/[<>]/g)?.join('')).toBe('<><>');
        expect(out.match(/"/g)).toHaveLength(2);
      }),
    );
  });

  test('JSON inside a script element cannot end it, and reads back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(HOSTILE)), (text) => {
        const { html: out } = embeddedJson({ text });
        expect(out).not.toContain('<');
        expect(JSON.parse(out)).toEqual({ text });
      }),
    );
  });
});
