import { plural, t } from '@lingui/core/macro'
import type { ImportFileView, ImportSummaryView } from '../../src/http/contract/import-batch-contract.ts'
import { percentOf } from '../element/time-words.ts'
import type { OnItsWay } from './send-batch.ts'

/** How many files became what, in one line. */
export function countWords({ total, done, states }: ImportSummaryView): string {
  const { added = 0, version = 0, refused = 0, known = 0, unchanged = 0 } = states
  const there = known + unchanged
  const words = [
    done < total && t`${done} of ${total} done`,
    added > 0 && plural(added, { one: '# new book', other: '# new books' }),
    version > 0 && plural(version, { one: '# new version', other: '# new versions' }),
    there > 0 && plural(there, { one: '# was there already', other: '# were there already' }),
    refused > 0 && plural(refused, { one: '# not taken in', other: '# not taken in' }),
  ]
  return words.filter((each) => each !== false).join(' · ')
}

export function missingWords(count: number): string {
  return plural(count, {
    one: '# file has not come yet. If the device that sends it has stopped, choose it again.',
    other: '# files have not come yet. If the device that sends them has stopped, choose them again.',
  })
}

/** Of files that were chosen again and are none of those that are missing. */
export function strangerWords([first, ...more]: readonly File[]): string {
  const name = first?.name ?? ''
  if (more.length === 0)
    return t`${name} is not among the files that have not come, or has changed since. Add it as a book of its own.`
  return plural(more.length, {
    one: `${name} and # other file are not among those that have not come, or have changed since. Add them as books of their own.`,
    other: `${name} and # other files are not among those that have not come, or have changed since. Add them as books of their own.`,
  })
}

export function fileWords({ state, novelId }: ImportFileView, way: OnItsWay | undefined): string {
  switch (state) {
    case 'sending':
      return sendingWords(way)
    case 'waiting':
      return t`It waits to be read.`
    case 'reading':
      return t`It is being read.`
    case 'unpacked':
      return t`Unpacked: its books stand here as files of their own.`
    case 'refused':
      return t`It was not taken in.`
    case 'added':
      return novelId === null ? t`It came in, and its book has been deleted since.` : t`New on the shelf:`
    case 'version':
      return novelId === null ? t`Its book has been deleted since.` : t`Another version of a book:`
    default:
      return novelId === null ? t`It was there; its book has been deleted since.` : t`There already:`
  }
}

function sendingWords(way: OnItsWay | undefined): string {
  if (way?.kind === 'sending') return t`It is being sent: ${percentOf(way.share, 1)} %`
  return way?.kind === 'queued' ? t`It waits to be sent.` : t`It has not come yet.`
}
