import { inApiCall, usesOtherProvider } from '../call-options.ts';
import { CODE } from '../languages.ts';
import type { Rule } from '../rule.ts';

/** Pictures in messages, in every language. */
export const IMAGE_RULES: readonly Rule[] = [
  {
    id: 'request-image',
    kind: 'feature',
    families: [...CODE, 'shell'],
    // No other API has parts of this type, so their file need not name it: `{ type: "image_url", image_url: { … } }`.
    pattern: /\b[tT]ype["']?\s*(?::|=>|=)\s*["'](?<value>image_url)["']/,
    value: 'vision',
  },
  {
    id: 'request-image-detail',
    kind: 'feature',
    families: [...CODE, 'shell'],
    needs: 'mention',
    pattern:
      /(?:(?<![\w$.])["']?|(?<=\.)(?=image\w{3}\(\w{1,40},\s*detail:)|(?<=(?:Content|Part)(?:\.|::)))(?<value>image_?[uU](?:rl|RL))["']?!?\s*(?:\(|:|=>?)\s*(?:(?<=\()|\{\s*["']?url\b|f?["'`]data:|f?["'`]https?:|(?:new\s+)?(?:\w+\.)?ImageU(?:rl|RL)\s*[({]|\.init\(url:)/,
    value: 'vision',
    // Next to its type, the type is the site.
    accept: (found) =>
      !/image_url["']\s*,?\s*$/.test(
        found.code.slice(Math.max(0, found.match.index - 60), found.match.index),
      ) &&
      (inApiCall(found) || (!usesOtherProvider(found) && found.fileHolds(/\bmessages?\b|\bcontents?\b/i))),
  },
];
