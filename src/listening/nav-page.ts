import { htmlElement } from './chapter-page.ts'
import type { EpubPlan, PlannedChapter } from './epub-plan.ts'
import { relativeHref, escapeXml } from './xml-text.ts'

/** The contents as XHTML: chapters, those of a part below its title. */
export function navPage(
  plan: EpubPlan,
  path: string,
  pages: readonly { readonly chapter: PlannedChapter; readonly path: string }[],
): string {
  const groups: { readonly part: string | undefined; readonly items: string[] }[] = []
  for (const { chapter, path: page } of pages) {
    const item = `<li><a href="${relativeHref(path, page)}">${escapeXml(chapter.title || `${chapter.number}`)}</a></li>`
    const last = groups.at(-1)
    if (last !== undefined && last.part === chapter.part) last.items.push(item)
    else groups.push({ part: chapter.part, items: [item] })
  }
  const list = groups.map(({ part, items }) =>
    part === undefined
      ? items.join('\n')
      : `<li><span>${escapeXml(part)}</span><ol>\n${items.join('\n')}\n</ol></li>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
${htmlElement(plan)}
<head><title>${escapeXml(plan.title)}</title></head>
<body><nav epub:type="toc"><h1>${escapeXml(plan.title)}</h1><ol>
${list.join('\n')}
</ol></nav></body></html>
`
}
