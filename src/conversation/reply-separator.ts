/**
 * Where an e-mail reply ends and the original begins. The shape decides where it can (an address, a date and a colon),
 * so that a language that is not listed is recognized too; words decide where a mail program leaves the address out.
 */

/** How far a block of headers reaches, in lines. */
const REACH = 4;

/** `-----Original Message-----`, with a rule on at least one side, or the title of a forwarded message. */
const TITLES = [
  'original message',
  'forwarded (?:message|by)',
  '(?:ursprüngliche|weitergeleitete|original) ?-?nachricht',
  "message (?:d['’]origine|original|transféré)",
  'mensaje (?:original|reenviado)',
  'mensagem (?:original|encaminhada)',
  'messaggio (?:originale|inoltrato)',
  '(?:oorspronkelijk|doorgestuurd) bericht',
  'ursprungligt meddelande',
  'originalmeddelande',
  'vidarebefordrat meddelande',
  'oprindelig (?:meddelelse|besked)',
  'opprinnelig melding',
  'alkuperäinen viesti',
  'wiadomość oryginalna',
  '(?:oryginalna|przekazana) wiadomość',
  '(?:původní|přeposlaná|pôvodná) (?:zpráva|správa)',
  'eredeti üzenet',
  'mesaj original',
  'исходное сообщение',
  'пересылаемое сообщение',
  'оригінальне повідомлення',
  '(?:orijinal|özgün|asıl|iletilen) (?:mesaj|[iİ]leti)',
  '原始邮件|原始郵件|原始信件|原邮件|邮件原件|转发的邮件|轉寄的郵件',
  '元のメッセージ|転送メッセージ',
  '원본 (?:메시지|메일|이메일)|전달된 메시지',
].join('|');
const RULE = String.raw`[-_=*\p{Pd}]{2,}`;
const TITLE = new RegExp(
  `^\\P{L}{0,9}(?:${RULE}\\s*(?:${TITLES})|(?:${TITLES})\\s*${RULE})|^\\s*(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié|transféré)|inizio messaggio inoltrato|inicio del mensaje reenviado):`,
  'iu',
);

/** What `On …, Ann wrote:` says. */
const WROTE = new RegExp(
  [
    'wrote|schrieb|geschrieben|a écrit|escribió|va escriure|escreveu|ha scritto|schreef|geschreven|skrev|kirjoitti',
    'napisał|pisze|napsal|napísal|napisao|ezt írta|a scris|написа|пише|пишет|έγραψε|yazdı|đã viết|menulis|เขียนว่า|ने लिखा|כתב|كتب',
    '写道|寫道|のメール|さんは書きました|作成|작성|쓴 글|썼습니다',
  ].join('|'),
  'iu',
);
const ENDS = /(?:[:：]|-{3,})\s*$/u;
const ADDRESS = /[^\s@<>()]{1,64}@[^\s@<>()]{1,255}/u;
/** A date or an hour: without one, `On Monday she wrote:` is a sentence. */
const DATED =
  /\p{Nd}{1,2}(?:[:.時时]|\s?h\s?)\p{Nd}{2}|(?<!\p{Nd})20\p{Nd}{2}(?!\p{Nd})|\p{Nd}{1,2}[./]\s?\p{Nd}{1,2}[./]\s?\p{Nd}{2}|\p{Nd}[年년]/u;

/** `Name:` at the beginning of a line, in bold or not. */
const label = (names: string) => new RegExp(`^[\\s*_]{0,9}(?:${names})[*_]{0,3}\\s?[:：]`, 'iu');
const LABEL = label(String.raw`\p{L}[\p{L}\p{M}'’ ]{0,24}`);
const FROM = label(
  'from|von|de|de la|da|van|från|fra|od|feladó|lähettäjä|от|от кого|від|από|kimden|gönderen|từ|dari|발신|מאת|من|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람',
);
const SENT = label(
  "sent|date|gesendet|datum|envoyé|envoyé le|date d['’]envoi|enviad[oa](?: el| em)?|fecha|inviato|data|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|wysłan[oe]|odesláno|odoslané|elküldve|dátum|trimis|отправлено|дата|надіслано|εστάλη|gönderildi|gönderilmiş|gönderilme tarihi|tarih|đã gửi|dikirim|נשלח|تم الإرسال|发送时间|發送時間|傳送時間|发送日期|日期|时间|寄件日期|送信日時|日時|보낸 날짜|날짜",
);

/** What GitHub puts around a comment that it mails. */
const GITHUB =
  /^[\s*_]{0,9}(?:reply to this email directly\b|you(?: a|['’])re receiving this because\b|triage notifications on the go\b|message id: ?<)|\bleft a comment \([^\s()]{1,200}#\d{1,9}\)/iu;

/** Whether the original of an e-mail begins at a line. @param index from 0 */
export function isReplySeparator(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (line.trim() === '') return false;
  return TITLE.test(line) || GITHUB.test(line) || isHeader(lines, index) || isAttribution(lines, index);
}

/** A block of headers with a sender and a date, in any order. */
function isHeader(lines: readonly string[], index: number): boolean {
  if (!LABEL.test(lines[index] ?? '')) return false;
  const block = lines.slice(index, index + 1 + REACH).filter((line) => LABEL.test(line));
  const sender = block.find((line) => FROM.test(line)) ?? block.find((line) => ADDRESS.test(line));
  return (
    sender !== undefined && block.some((line) => line !== sender && (SENT.test(line) || DATED.test(line)))
  );
}

/** Mail programs wrap the line at about 78 characters; what comes before its beginning is the reply. */
function isAttribution(lines: readonly string[], index: number): boolean {
  return [1, 2, 3].some((count) => {
    const parts = lines.slice(index, index + count).map((part) => part.slice(0, 300));
    const joined = parts.join(' ');
    return (
      ENDS.test(joined) &&
      parts.every((part) => part.trim() !== '') &&
      DATED.test(joined) &&
      (ADDRESS.test(joined) || WROTE.test(joined)) &&
      (count === 1 || !isAttribution(lines, index + 1))
    );
  });
}
