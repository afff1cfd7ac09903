import { Fragment, type ReactNode } from 'react'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { inlineRuns } from './inline-runs.ts'

interface InlineTextProps {
  readonly text: string
  /** Its UTF-16 offset in the block. */
  readonly start: number
  readonly block: Pick<Chapter['blocks'][number], 'marks' | 'readings'>
}

/** A piece of a block's text with the book's own emphasis, and readings above the line. */
export function InlineText({ text, start, block }: InlineTextProps) {
  if (!block.marks && !block.readings) return text
  return inlineRuns(text, start, block).map((run) => {
    let shown: ReactNode = run.text
    if (run.said !== undefined)
      shown = (
        <ruby>
          {run.text}
          <rt>{run.said}</rt>
        </ruby>
      )
    if (run.em) shown = <em>{shown}</em>
    if (run.strong) shown = <strong>{shown}</strong>
    return <Fragment key={run.start}>{shown}</Fragment>
  })
}
