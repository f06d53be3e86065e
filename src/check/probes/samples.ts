/** The smallest picture, sound and document that show whether a model gets them. In base64. */
import { NONCE } from '../requests.ts';

/** A PNG of 64 × 64 pixels, all of them orange. */
export const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQMAAACQp+OdAAAAA1BMVEX/jACO1N5wAAAAD0lEQVR42mNgGAWjgHwAAAJAAAHgTR1EAAAAAElFTkSuQmCC';

/** Half a second of silence: a WAV of 4,000 samples of 8 bits. */
export const SILENT_AUDIO = Buffer.concat([
  Buffer.from('UklGRsQPAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YaAPAAA=', 'base64'),
  Buffer.alloc(4_000, 128),
]).toString('base64');

/** Where each object of the document begins, as its table says. */
const OFFSETS = [9, 53, 103, 213, 312].map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');

/** A PDF of one page. */
export const DOCUMENT = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 50]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>> endobj
4 0 obj<</Length 53>>stream
BT /F1 18 Tf 10 20 Td (The word is ${NONCE}.) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
xref\n0 6\n0000000000 65535 f \n${OFFSETS}trailer<</Size 6/Root 1 0 R>>
startxref\n374\n%%EOF
`).toString('base64');
