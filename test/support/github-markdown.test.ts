import { describe, expect, it } from 'vitest';
import { readDocument } from './documents.ts';
import { markdownToHtml } from './github-markdown.ts';

const bodies = [
  ...readDocument('test/conversation/__snapshots__/issue-body.test.ts.snap').matchAll(/`\n"([\s\S]*?)"\n`;/g),
].map(([, body = '']) => body.replaceAll('\\`', '`'));

describe("Markdown as GitHub's readers see it", () => {
  it('leaves no mark of Markdown in any issue that the tests show', () => {
    expect(bodies.length).toBeGreaterThanOrEqual(6);
    for (const body of bodies) {
      const html = markdownToHtml(body);
      const shown = html.replaceAll(/<pre>[\s\S]*?<\/pre>|<code>.*?<\/code>|<svg[\s\S]*?<\/svg>/g, '');
      expect(shown).not.toMatch(/\*\*|```|^#|^\||\]\(|<!--/m);
      expect(html.match(/type="checkbox"/g)).toHaveLength(body.match(/^- \[[ x]\]/gm)?.length ?? 0);
      expect(html.match(/<table>/g)).toHaveLength(body.match(/^\| :--/gm)?.length ?? 0);
    }
  });

  it('draws the chart of a stage: equal, the limit and the gateway', () => {
    const chart = markdownToHtml(bodies.find((body) => body.includes('xychart-beta')) ?? '');
    expect(chart.match(/<polyline [^>]*stroke="#[0-9a-f]{6}"/g)).toHaveLength(3);
    expect(chart).not.toContain('NaN');
  });

  it('shows code as it is written, and follows only addresses and anchors', () => {
    expect(markdownToHtml('`<b>` and `[a](b)`')).toBe(
      '<p><code>&lt;b&gt;</code> and <code>[a](b)</code></p>',
    );
    expect(markdownToHtml('[c](#d)')).toBe('<p><a href="#d">c</a></p>');
    expect(markdownToHtml('[e](javascript:f)')).toBe('<p>[e](javascript:f)</p>');
  });
});
