/** Commands that people write as comments: the parser is text → commands or a hint. */

export type Command =
  | { readonly kind: 'advance'; readonly to: string | null; readonly dryRun: boolean }
  /** Past an unmet gate; the reason is recorded. */
  | { readonly kind: 'force'; readonly to: string | null; readonly reason: string }
  | { readonly kind: 'rollback'; readonly to: string | null; readonly reason: string | null }
  | { readonly kind: 'pause'; readonly reason: string | null }
  | { readonly kind: 'resume' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'abort'; readonly reason: string | null }
  | { readonly kind: 'status' }
  | { readonly kind: 'help' }
  | { readonly kind: 'start' };

export type CommandKind = Command['kind'];
