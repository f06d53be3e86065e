import { describe, expect, it } from 'vitest';
import { commentLines } from '../../src/conversation/comment-lines.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

/** What is heard of a comment: each line with text, by its place. */
const heard = (comment: string) =>
  commentLines(comment).map(({ visible, place }) => (place === 'line' ? visible : `${place}: ${visible}`));

describe('the lines that a comment says', () => {
  it.each([
    ['a log as a list item', 'See:\n\n- ```\n  HTTP 500\n  ```\n\n/x', ['See:', '/x']],
    ['a fence in a nested list', '- a\n  - ~~~\n    /x\n    ~~~\n\n/y', ['inside: ⋯a', '/y']],
    ['a fence in a numbered list', '1. ```sh\n   /x\n   ```\n/y', ['/y']],
    ['a fence that is longer than one inside', '````\n```\n/x\n```\n````\n/y', ['/y']],
    ['a fence that is never closed', '```\n/x', []],
    ['indented code', 'So:\n\n    /x\n\n\t/y', ['So:']],
    ['code over several lines', 'see `one\n/x\ntwo`\n/y', ['see ⋯', '/y']],
    ['a quote', '> a\n> /x', []],
    ['a quote in a list', '- > a\n  > /x', []],
    ['a list in a quote', '> - a\n>   /x', []],
    ['a line that continues a quote', '> a\n/x', ['/x']],
    ['a line that continues a list', '- a\n/x', ['inside: ⋯a', '/x']],
    ['a list item', '* /x', ['inside: ⋯/x']],
    ['a table without edges', 'a | b\n--|--\n/x | c\n\n/y', ['inside: a⋯b', 'inside: /x⋯c', '/y']],
    ['a line below a table', '| a |\n|---|\n| b |\n/y', ['inside: ⋯a⋯', 'inside: ⋯b⋯', '/y']],
    ['a table', '| a |\n|---|\n| /x |\n\n/y', ['inside: ⋯a⋯', 'inside: ⋯/x⋯', '/y']],
    ['a heading', '## /x', ['inside: ⋯/x']],
    ['a heading that is underlined', '/x\n---', ['/x']],
    ['an HTML comment', '<!--\n/x\n-->\n/y', ['/y']],
    ['a comment inside of a sentence', 'a <!-- b\n/x\n--> c', ['a ⋯', 'inside: ⋯ c']],
    ['what is folded', '<details><summary>log</summary>\n\n/x\n\n</details>', ['inside: ⋯log⋯', '/x']],
    ['what follows a fold at once', '<details>\nlog\n</details>\n/x', ['log', '/x']],
    ['code in HTML', '<pre>\n/x\n\n/x\n</pre>\n/y', ['/y']],
    ['a quote in HTML', '<blockquote>\n\n/x\n\n</blockquote>\n\n/y', ['/y']],
    ['an HTML quote that is never closed', '<blockquote>\n\n/x', []],
    ['code tags in a sentence', 'a <code>\n/x\n</code>\n/y', ['a ⋯', '/y']],
    ['what is struck out', '<del>\n\n/x\n\n</del>\n\n/y', ['/y']],
    ['a declaration', '<![CDATA[\n/x\n]]>\n\n/y', ['/y']],
    ['an instruction', '<?php\n/x\n?>\n\n/y', ['/y']],
    ['a footnote', 'a[^1]\n\n[^1]: /x', ['a[^1]', '[^1]: /x']],
    ['below a long rule', `${'-'.repeat(40)} a\n/x`, [`${'-'.repeat(40)} a`, '/x']],
    ['headers in code', '```\nFrom: a@b.example\nDate: 2026\n```\n\n/x', ['/x']],
    ['headers in a quote', '> From: a@b.example\n> Date: 2026\n\n/x', ['/x']],
    ['a footnote of links', '[a]: /x', []],
    ['line ends of every kind', '/a\r\n/b\r/c\n/d', ['/a', '/b', '/c', '/d']],
    ['spaces of other programs', '\u00a0/x\n\u3000/y', ['/x', '/y']],
    ['a list in a list in a list', `${'- '.repeat(200)}/x\n\n/y`, ['/y']],
  ])('%s', (_, comment, lines) => {
    expect(heard(comment)).toEqual(lines);
  });
});

const ANN = 'Ann Other <ann@mail.example>';

describe('the original below an e-mail reply', () => {
  it.each([
    ['Gmail', `On Mon, Nov 2, 2026 at 12:00 PM ${ANN} wrote:`],
    ['Gmail, wrapped', `On Mon, Nov 2, 2026 at 12:00 PM Ann Other via GitHub\n<ann@mail.example> wrote:`],
    ['Apple Mail, German', `Am 02.11.2026 um 12:00 schrieb ${ANN}:`],
    ['Thunderbird, French', `Le 02/11/2026 à 12:00, ${ANN} a écrit :`],
    ['Spanish', `El lun, 2 nov 2026 a las 12:00, ${ANN} escribió:`],
    ['Portuguese', `Em seg., 2 de nov. de 2026 às 12:00, ${ANN} escreveu:`],
    ['Italian', `Il giorno lun 2 nov 2026 alle ore 12:00 ${ANN} ha scritto:`],
    ['Dutch', `Op ma 2 nov 2026 om 12:00 schreef ${ANN}:`],
    ['Polish', `pon., 2 lis 2026 o 12:00 ${ANN} napisał(a):`],
    ['Chinese', `${ANN} 于2026年11月2日周一 12:00写道：`],
    ['Japanese', `2026年11月2日(月) 12:00 ${ANN}のメール:`],
    ['Zoho', `---- On Mon, 02 Nov 2026 12:00:00 +0100 ${ANN} wrote ----`],
    ['Outlook', 'From: Ann Other\nSent: Monday, November 2, 2026 12:00\nTo: acme/shop\nSubject: Re: Rollout'],
    ['Outlook, bold', '**From:** Ann Other\n**Sent:** Monday, November 2, 2026 12:00'],
    ['Outlook with a rule', '________________________________\nFrom: Ann\nSent: Monday'],
    ['Outlook, German', 'Von: Ann Other\nGesendet: Montag, 2. November 2026 12:00\nAn: acme/shop'],
    ['Outlook, French', 'De : Ann Other\nEnvoyé : lundi 2 novembre 2026 12:00'],
    ['Outlook, Chinese', '发件人: Ann\n发送时间: 2026年11月2日 12:00'],
    ['Outlook for Windows', '-----Original Message-----\nFrom: Ann'],
    ['German title', '-----Ursprüngliche Nachricht-----'],
    ['Russian, by its address', `пн, 2 нояб. 2026 г. в 12:00, ${ANN}:`],
    ['Japanese, by its address', `2026年11月2日(月) 12:00 ${ANN}:`],
    ['Czech, by its address', `2. 11. 2026 v 12:00, ${ANN}:`],
    ['Hindi, which is not listed by its verb', `सोम, 2 नव॰ 2026, 12:00 pm को ${ANN} ने बताया:`],
    ['Arabic digits', `في الاثنين، ٢ نوفمبر ٢٠٢٦ ١٢:٠٠ م ${ANN}:`],
    ['Thunderbird, Polish', 'W dniu 2.11.2026 o 12:00, Ann Other pisze:'],
    ['Thunderbird, Korean', '26. 11. 2. 12:00에 Ann Other 이(가) 쓴 글:'],
    [
      'a long address on a line of its own',
      `Am Mo., 2. Nov. 2026 um 12:00 Uhr schrieb Ann <\n${'a'.repeat(120)}@b.example>:`,
    ],
    ['Outlook, Ukrainian', 'Від: Ann Other\nНадіслано: 2 листопада 2026 р. 12:00'],
    ['headers of a language that is not listed', `Avtor: ${ANN}\nČas: 2. 11. 2026 12:00\nZa: acme/shop`],
    ['the date first', 'Gesendet: Montag, 2. November 2026 um 12:00\nVon: "Ann Other"'],
    ['a subject first', 'Subject: Re: Rollout\nFrom: Ann Other\nDate: Monday'],
    ['QQ', '------------------ 原始邮件 ------------------\n发件人: "Ann"'],
    ['Polish title', '-------- Oryginalna wiadomość --------'],
    ['Turkish title', '-----Özgün İleti-----'],
    ['dashes of another program', '‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐'],
    ['Apple Mail, forwarded', 'Begin forwarded message:'],
    ["GitHub's header", 'Ann left a comment (acme/shop#1)'],
    ["the reason for GitHub's mail", 'You are receiving this because you commented.'],
    ["GitHub's footer", 'Reply to this email directly, view it on GitHub'],
  ])('%s', (_, separator) => {
    const lines = commentLines(`Fine with me.\n\n${separator}\n\n/x\n`);
    expect(lines.map(({ place }) => place)).toEqual(['line', ...lines.slice(1).map(() => 'original')]);
    expect(lines.at(-1)).toMatchObject({ text: '/x', place: 'original' });
  });

  it.each([
    'On Monday she wrote:',
    'From: 5 % to: 25 %',
    'Date: 2026-11-02',
    'The original message was better',
    'On 2026-11-02 at 12:00 we saw the errors.',
    'Errors since 2026-11-02 12:00:',
    'Checked with ops@mail.example at 12:00, all fine.',
    'Von meinem iPhone gesendet',
    'cc @ann @bob: at 12:00:',
  ])('is not begun by %j', (text) => {
    expect(heard(`${text}\n\n/x`)).toEqual([text, '/x']);
  });
});

// A third of the longest comment: what takes quadratic time would take a ninth of it, and still far too long.
it.each([
  ['[', 20_000],
  ['*a ', 6_600],
  ['_*', 10_000],
  ['>', 20_000],
  ['- ', 10_000],
  ['1. ', 6_600],
  ['> - ', 5_000],
  ['a\n=\n', 5_000],
  ['a\n\n', 6_600],
  ['- a\n', 5_000],
  ['<a ', 6_600],
  ['<!--', 5_000],
  ['<code>', 3_300],
  ['`a``b', 4_000],
  ['|a|\n', 5_000],
  ['|', 20_000],
  ['[a][b]', 3_300],
  ['From: a\n', 2_600],
  ['On 2026 ', 2_600],
])('%j, %i times, is read in a moment', (text, times) => {
  expect(cpuMilliseconds(() => commentLines(text.repeat(times)))).toBeLessThan(1_700);
});
