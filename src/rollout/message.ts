/** Everything that the App can say in a comment, as values; messages.ts has the sentences. */
import { z } from 'zod';

/** `code` is stable; `data` holds what the sentence needs. The union of codes and their data is closed here. */
export const messageSchema = z.object({
  code: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type Message = z.output<typeof messageSchema>;
