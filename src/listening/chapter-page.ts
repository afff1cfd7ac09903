import type { Block } from '../novel/block.ts'
import type { Segment } from '../novel/segment.ts'
import { plannedBlocks, type EpubPlan, type PlannedChapter, segmentElementId, plannedSegments } from './epub-plan.ts'
import { escapeXml } from './xml-text.ts'

/** A chapter as XHTML, each of its segments an element. */
export function chapterPage(plan: EpubPlan, chapter: PlannedChapter): string {
  const byBlock = Map.groupBy(
    plannedSegments(chapter).map((segment, index) => ({ segment, id: segmentElementId(chapter.number, index) })),
    ({ segment }) => segment.block,
  )
  let headings = 0
  const body = plannedBlocks(chapter).map((block, index) => {
    if (block.kind === 'heading') headings += 1
    return blockElement(block, sentences(block, byBlock.get(index) ?? []), headings)
  })
  const matter = chapter.matter === 'body' ? 'bodymatter' : `${chapter.matter}matter`
  const section = chapter.matter === 'body' ? ' epub:type="chapter"' : ''
  return `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
${htmlElement(plan)}
<head><title>${escapeXml(chapter.title || plan.title)}</title>
<link rel="stylesheet" type="text/css" href="book.css"/>
<link rel="stylesheet" type="text/css" href="nightjar/read-along.css"/></head>
<body epub:type="${matter}"><section${section}>
${body.join('\n')}
</section></body></html>
`
}

/** The opening tag of a page. */
export function htmlElement({ language }: Pick<EpubPlan, 'language'>): string {
  const direction = /^(?:ar|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(language) ? ' dir="rtl"' : ''
  return `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="${language}" xml:lang="${language}"${direction}>`
}

function blockElement({ kind }: Block, content: string, heading: number): string {
  if (kind === 'scene-break') return '<hr/>'
  if (kind === 'verse') return `<p class="verse">${content}</p>`
  if (kind === 'paragraph') return `<p>${content}</p>`
  return heading === 1 ? `<h1>${content}</h1>` : `<h2>${content}</h2>`
}

function sentences({ text }: Block, spoken: readonly { segment: Segment; id: string }[]): string {
  let content = ''
  let upTo = 0
  for (const { segment, id } of spoken) {
    content += `${lines(text.slice(upTo, segment.start))}<span id="${id}">${lines(text.slice(segment.start, segment.end))}</span>`
    upTo = segment.end
  }
  return content + lines(text.slice(upTo))
}

function lines(text: string): string {
  return escapeXml(text).replaceAll('\n', '<br/>\n')
}
