import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

/** The messages of a catalogue: in English, and as it translates them. */
function catalogue(language: string): ReadonlyMap<string, string> {
  const text = ['first', 'rooms']
    .map((part) =>
      readFileSync(new URL(`../../web/i18n/locales/${language}/${part}.po`, import.meta.url), 'utf8'),
    )
    .join('\n')
  const messages = text.matchAll(/^msgid "(.+)"\nmsgstr "(.+)"$/gm)
  return new Map([...messages].map(([, id = '', translation = '']) => [read(id), read(translation)]))
}

function read(quoted: string): string {
  return JSON.parse(`"${quoted}"`) as string
}

/** Values and tags stand for anything; of a plural nothing is known, so it is left out. */
function pattern(message: string): RegExp | undefined {
  if (message.includes(', plural,')) return undefined
  const fixed = message.split(/\{\w+\}|<\/?\d+\/?>/)
  // “{title}” and the like are in no language.
  if (!fixed.some((part) => /\p{L}{3}/u.test(part))) return undefined
  return new RegExp(`^${fixed.map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('.+')}$`)
}

/** Words that stand in almost every English sentence and in no Vietnamese one. */
const english = /\b(?:the|is|are|and|of|it|this|with|for|from|your|not)\b/i

/**
 * What a page says in English though it is in another language: what its elements show and what they tell a screen
 * reader. What stands in a language of its own, a book's text say, and what is meant for a terminal is none of it.
 */
export async function englishOn(page: Page, language: string): Promise<string[]> {
  const said = await page.evaluate(() => {
    const found = new Set<string>([document.title])
    const foreign =
      'code, pre, script, style, input[readonly], main [lang], [role=dialog] [lang], option[lang]'
    for (const element of document.querySelectorAll('body *')) {
      if (element.closest(foreign)) continue
      for (const name of [
        'aria-label',
        'placeholder',
        'title',
        'alt',
        'aria-valuetext',
        'aria-roledescription',
      ])
        found.add(element.getAttribute(name) ?? '')
      for (const node of element.childNodes) if (node.nodeType === 3) found.add(node.textContent ?? '')
    }
    return [...found].map((words) => words.trim().replaceAll(/\s+/g, ' ')).filter((words) => words !== '')
  })
  const untranslated = [...catalogue(language)].filter(([id, translation]) => id !== translation)
  const patterns = untranslated.flatMap(([id]) => pattern(id) ?? [])
  return said.filter((words) => english.test(words) || patterns.some((each) => each.test(words)))
}
