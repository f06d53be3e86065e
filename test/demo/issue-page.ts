/** The rollout's issue as a page that looks as on GitHub. It needs no script and no network. */

import { type Html, html, NOTHING, verbatim } from '../../src/report/html/markup.ts';
import type { ShownComment, ShownIssue } from '../support/github/scenario.ts';
import { markdownToHtml } from '../support/github-markdown.ts';

const STYLE = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
article { border: 1px solid #8886; border-radius: 6px; margin: 1rem 0; padding: 0 1rem 1rem; overflow-wrap: break-word; }
article > header { margin: 0 -1rem; padding: .5rem 1rem; background: #8881; border-bottom: 1px solid #8886; }
article h2 { margin: 0; font-size: 1rem; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid #8886; padding: .3rem .7rem; }
li.box { list-style: none; margin-left: -1.4rem; }
code, pre { background: #8882; border-radius: 4px; padding: .1rem .3rem; }
pre { padding: .7rem; white-space: pre-wrap; }
pre code { background: none; padding: 0; }
svg { max-width: 100%; height: auto; overflow: visible; font-size: 12px; }
svg text { fill: currentColor; }
svg line { stroke: #8886; }
textarea { display: block; width: 100%; box-sizing: border-box; margin: .3rem 0; font: inherit; }
button { padding: .3rem 1rem; font: inherit; }
:focus-visible { outline: 2px solid; outline-offset: 2px; }
`;

export interface CommentForm {
  /** The address that takes a comment, as the fields `person` and `text`. */
  readonly address: string;
  /** People who may comment: their role in the repository, by name. */
  readonly people: Readonly<Record<string, string>>;
}

/**
 * @param form null: a page for reading only
 * @returns the page as HTML
 */
export function issuePage(
  { title, number, state, author, body, comments }: ShownIssue,
  form: CommentForm | null,
): string {
  const first: Pick<ShownComment, 'author' | 'body' | 'reactions'> = { author, body, reactions: [] };
  return pageHtml(
    title,
    html`<h1>${title} <small>#${number}, ${state}</small></h1>
${[first, ...comments].map(commentHtml)}
${form === null ? NOTHING : formHtml(form)}`,
  );
}

/** The App's Markdown, as GitHub shows it. */
export const issueHtml = (markdown: string): Html => verbatim(markdownToHtml(markdown));

/** A page of the demo around its content. */
export function pageHtml(title: string, main: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`.html;
}

const EMOJI: Readonly<Record<string, string>> = { eyes: '👀', rocket: '🚀', '+1': '👍', confused: '😕' };

function commentHtml({ author, body, reactions }: Pick<ShownComment, 'author' | 'body' | 'reactions'>) {
  // Only the App's text may hold HTML, and none from outside. People's text is shown as they typed it.
  const markdown = author.endsWith('[bot]') ? body : body.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const emoji = reactions.map((reaction) => EMOJI[reaction] ?? reaction).join(' ');
  return html`<article>
<header><h2>${author}</h2></header>
${issueHtml(markdown)}
${emoji}
</article>
`;
}

function formHtml({ address, people }: CommentForm) {
  const options = Object.entries(people).map(
    ([name, role]) => html`<option value="${name}">${name} (${role})</option>`,
  );
  return html`<form method="post" action="${address}">
<label>Comment as <select name="person">${options}</select></label>
<label>Text <textarea name="text" rows="3">/rollout-status</textarea></label>
<button>Comment</button>
</form>`;
}
