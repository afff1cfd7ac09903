import { Fragment, type ReactNode } from 'react'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { BookLink } from './book-link.tsx'
import { type InlineKind, type InlineRun, inlineRuns } from './inline-runs.ts'

interface InlineTextProps {
  readonly text: string
  /** Its UTF-16 offset in the block. */
  readonly start: number
  readonly block: Pick<Chapter['blocks'][number], 'marks' | 'readings'>
}

/** A piece of a block's text as the book sets it, with its links, and readings above the line. */
export function InlineText({ text, start, block }: InlineTextProps) {
  if (!block.marks && !block.readings) return text
  return linked(inlineRuns(text, start, block)).map(({ link, runs }) => {
    const shown = runs.map((run) => <Fragment key={run.start}>{setRun(run)}</Fragment>)
    const key = runs[0]!.start
    return link ? (
      <BookLink key={key} to={link}>
        {shown}
      </BookLink>
    ) : (
      <Fragment key={key}>{shown}</Fragment>
    )
  })
}

/** Neighbouring runs of one link. */
function linked(runs: readonly InlineRun[]) {
  const groups: { readonly link: InlineRun['link']; readonly runs: InlineRun[] }[] = []
  for (const run of runs) {
    const last = groups.at(-1)
    if (last && last.link === run.link) last.runs.push(run)
    else groups.push({ link: run.link, runs: [run] })
  }
  return groups
}

function setRun({ text, said, kinds }: InlineRun): ReactNode {
  const base =
    said === undefined ? (
      text
    ) : (
      <ruby>
        {text}
        <rt>{said}</rt>
      </ruby>
    )
  return kinds.reduceRight<ReactNode>(setAs, base)
}

function setAs(shown: ReactNode, kind: InlineKind): ReactNode {
  switch (kind) {
    case 'em':
      return <em>{shown}</em>
    case 'strong':
      return <strong>{shown}</strong>
    case 'small-caps':
      return <span className="small-caps">{shown}</span>
    case 'superscript':
      return <sup>{shown}</sup>
    case 'subscript':
      return <sub>{shown}</sub>
    case 'strike':
      return <s>{shown}</s>
    case 'code':
      return <code>{shown}</code>
    default:
      return shown
  }
}
