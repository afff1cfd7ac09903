import type {
  HeadingOutline,
  Headings,
  HeadingRule,
  ReadAgainBody,
  ReadAgainPreview,
} from '../../src/http/contract/review-contract.ts'
import { addresses, get, send } from '../api.ts'

const of = (novelId: string) => `${addresses.novels}/${novelId}/headings`

export async function askHeadings(novelId: string, signal: AbortSignal): Promise<Headings> {
  return (await get<{ headings: Headings }>(of(novelId), signal)).headings
}

export async function outlineByRule(
  novelId: string,
  rule: HeadingRule,
  signal: AbortSignal,
): Promise<HeadingOutline> {
  const path = `${of(novelId)}/outline`
  return (await send<{ outline: HeadingOutline }>('POST', path, { rule }, { signal })).outline
}

export async function previewReadAgain(
  novelId: string,
  command: ReadAgainBody,
  signal: AbortSignal,
): Promise<ReadAgainPreview> {
  const path = `${of(novelId)}/preview`
  return (await send<{ preview: ReadAgainPreview }>('POST', path, command, { signal })).preview
}

/** Whether two rules are the same. */
export function isSameRule(one: HeadingRule, other: HeadingRule): boolean {
  const sorted = (rule: HeadingRule): string =>
    JSON.stringify(Object.entries(rule).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return sorted(one) === sorted(other)
}
