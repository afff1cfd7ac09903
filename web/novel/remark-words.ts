import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'

type Rule = readonly [said: RegExp, words: (first: string, second: string) => string]

/** What an import remarked, as the importer writes it down (`src/importer/`), and how the page says it. */
const rules: readonly Rule[] = [
  [/^The title page was left out: (.*)$/s, (text) => t`The title page was left out: ${text}`],
  [
    /^Before the first heading stands text, which is a chapter of its own: (.*)$/s,
    (text) => t`Before the first heading stands text, which is a chapter of its own: ${text}`,
  ],
  [
    /^“(.*)” stands before the first chapter and is one of its own\.$/s,
    (title) => t`“${title}” stands before the first chapter and is one of its own.`,
  ],
  [
    /^No chapter headings were found, so the book is one chapter\.$/,
    () => t`No chapter headings were found, so the book is one chapter.`,
  ],
  [
    /^The chapters were found by bare numbers\. Please look through them before you listen\.$/,
    () => t`The chapters were found by bare numbers. Please look through them before you listen.`,
  ],
  [
    /^A table of contents of (\d+) lines was left out\.$/,
    (lines) => t`A table of contents of ${lines} lines was left out.`,
  ],
  [
    /^Headings that stand there twice are read once: (.*)$/s,
    (titles) => t`Headings that stand there twice are read once: ${titles}`,
  ],
  [
    /^The header and licence of Project Gutenberg were left out\.$/,
    () => t`The header and licence of Project Gutenberg were left out.`,
  ],
  [
    /^Lines of a site were left out \((\d+)\), such as: (.*)$/s,
    (count, line) => t`Lines of a site were left out (${count}), such as: ${line}`,
  ],
  [
    /^End marks were left out \((\d+)\), such as: (.*)$/s,
    (count, line) => t`End marks were left out (${count}), such as: ${line}`,
  ],
  [
    /^Images that are not in the file were left out \((\d+)\): (.*)$/s,
    (count, names) => t`Images that are not in the file were left out (${count}): ${names}`,
  ],
  [
    /^Images that are too large were left out \((\d+)\): (.*)$/s,
    (count, names) => t`Images that are too large were left out (${count}): ${names}`,
  ],
  [
    /^Images that are damaged, or of a kind that browsers do not show, were left out \((\d+)\): (.*)$/s,
    (count, names) =>
      t`Images that are damaged, or of a kind that browsers do not show, were left out (${count}): ${names}`,
  ],
  [
    /^Images beyond the first \d+ were left out \((\d+)\): (.*)$/s,
    (count, names) => t`Images beyond the first ones were left out (${count}): ${names}`,
  ],
  [
    /^Images of this kind of file are not shown beside its text; (\d+) were left out\.$/,
    (count) => t`Images of this kind of file are not shown beside its text; ${count} were left out.`,
  ],
  [
    /^Pages without text were left out \((\d+)\): (.*)$/s,
    (count, pages) => t`Pages without text were left out (${count}): ${pages}`,
  ],
  [
    /^Only the page’s article was read; (\d+) characters around it \(menus, links\) were left out\.$/,
    (count) =>
      t`Only the page’s article was read; ${count} characters around it (menus, links) were left out.`,
  ],
  [
    /^The book says that it is in “(.*)”, but it is written in “(.*)”, so that is used\.$/,
    (declared, written) =>
      t`The book says that it is in “${declared}”, but it is written in “${written}”, so that is used.`,
  ],
]

/** A remark in the language of the page; `undefined` for one that this page does not know. */
export function remarkWords(remark: string): string | undefined {
  if (i18n.locale === 'en') return remark
  for (const [said, words] of rules) {
    const found = said.exec(remark)
    if (found) return words(found[1] ?? '', found[2] ?? '')
  }
  return undefined
}
