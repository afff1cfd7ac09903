import type { Novel } from '../../src/http/contract/novel-contract.ts'

/** Whether it can be chosen by what rule the chapters of a book are found: its file does not say where they begin. */
export function hasHeadingRules({ report: { format } }: Pick<Novel, 'report'>): boolean {
  return format === 'text' || format === 'markdown'
}
