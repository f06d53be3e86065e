/** Where an e-mail reply ends and the original begins, as mail programs write it in several languages. */

/** How far a header block or a wrapped `On … wrote:` reaches, in lines. */
const REACH = 4;

/** `-----Original Message-----`, with a rule on at least one side. */
const TITLES = [
  'original message',
  'forwarded message',
  'ursprüngliche nachricht',
  'original-?nachricht',
  'weitergeleitete nachricht',
  "message d['’]origine",
  'message original',
  'mensaje original',
  'mensagem original',
  'messaggio originale',
  'oorspronkelijk bericht',
  'ursprungligt meddelande',
  'oprindelig meddelelse',
  'opprinnelig melding',
  'alkuperäinen viesti',
  'wiadomość oryginalna',
  'původní zpráva',
  'исходное сообщение',
  'orijinal (?:mesaj|ileti)',
  '原始邮件',
  '原始郵件',
  '元のメッセージ',
  '원본 메시지',
].join('|');
const RULE = String.raw`[-_=*\u2014]{2,}`;
const TITLE = new RegExp(`^\\W{0,9}(?:${RULE}\\s*(?:${TITLES})|(?:${TITLES})\\s*${RULE})`, 'iu');

/** `On Mon, 2 Nov 2026 at 12:00, Ann <ann@…> wrote:`, also `---- On … wrote ----`. */
const WROTE = [
  'wrote',
  'schrieb',
  'a écrit',
  'escribió',
  'escreveu',
  'ha scritto',
  'schreef',
  'skrev',
  'kirjoitti',
  'napisał(?:\\(a\\)|a)?',
  'napsal(?:\\(a\\)|a)?',
  'написал(?:\\(а\\)|а)?',
  'пишет',
  'yazdı',
  'şunu yazdı',
  '写道',
  '寫道',
  'のメール',
  '작성',
].join('|');
const ATTRIBUTION = new RegExp(`^.{0,400}(?:${WROTE}).{0,120}(?:[:：]|-{3,})\\s*$`, 'iu');
/** A date or an hour: without one, `On Monday she wrote:` is a sentence. */
const DATED = /\d{1,2}[:.h時时]\d{2}|\b20\d{2}\b|\d{1,2}[./]\d{1,2}[./]\d{2}|\d年/u;

const FROM =
  /^[\s*_>]{0,9}(?:from|von|de|da|van|från|fra|od|lähettäjä|от|kimden|发件人|寄件者|差出人|보낸 사람)[*_]{0,3}\s?[:：]/iu;
const SENT =
  /^[\s*_>]{0,9}(?:sent|date|gesendet|datum|envoyé|date d['’]envoi|enviad[oa](?: el| em)?|fecha|inviato|data|verzonden|skickat|sendt|lähetetty|wysłano|odesláno|отправлено|дата|gönderildi|tarih|发送时间|发送日期|日期|寄件日期|送信日時|日時|보낸 날짜)[*_]{0,3}\s?[:：]/iu;

/** GitHub's own footer below the text that it mails. */
const FOOTER = /^[\s*_]{0,9}reply to this email directly\b/iu;

/** Whether the original of an e-mail begins at a line. @param index from 0 */
export function isReplySeparator(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (line.trim() === '') return false;
  if (TITLE.test(line) || FOOTER.test(line)) return true;
  const following = lines.slice(index + 1, index + 1 + REACH);
  if (FROM.test(line)) return following.some((each) => SENT.test(each));
  return isAttribution(lines, index);
}

/** Mail programs wrap the line at about 78 characters; what comes before its beginning is the reply. */
function isAttribution(lines: readonly string[], index: number): boolean {
  return [1, 2, 3].some((count) => {
    const parts = lines.slice(index, index + count);
    const joined = parts.join(' ').slice(0, 600);
    return (
      parts.every((part) => part.trim() !== '') &&
      DATED.test(joined) &&
      ATTRIBUTION.test(joined) &&
      (count === 1 || !isAttribution(lines, index + 1))
    );
  });
}
