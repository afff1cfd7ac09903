import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'
import { accountFailureWords } from './account-failure-words.ts'

type Details = Readonly<Record<string, string | number>>

/**
 * What the server says about a failure, in the language of the page. In English, and of what people do not meet here, its
 * own sentence stays. What it quotes of others, `detail`, is told as they told it.
 */
export function failureWords(code: string, error: string, details: Details = {}): string {
  if (i18n.locale === 'en') return error
  return words[code]?.(spoken(details)) ?? error
}

/** A detail may be a full sentence, which stands within another. */
function spoken(details: Details): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, String(value).replace(/\.$/, '')]),
  )
}

type Given = Readonly<Record<string, string>>

/** By code, as in the server's table (`src/novel/failure.ts`). */
const words: Readonly<Record<string, (given: Given) => string>> = {
  'request.invalid': ({ detail = '' }) => t`The request is not right: ${detail}.`,
  'request.senseless': ({ detail = '' }) => t`The request is not right: ${detail}.`,
  'request.too-large': ({ limit = '' }) =>
    t`The upload is larger than ${limit}. Set NIGHTJAR_UPLOAD_LIMIT higher or choose a smaller file.`,
  'request.cut-off': () => t`The upload broke off before its end. Send the file again.`,
  'request.stalled': ({ seconds = '' }) =>
    t`Nothing of the request came for ${seconds} seconds, so it was given up. Check the network and send it again.`,
  'request.foreign-origin': () =>
    t`This server answers only its own page. Open Nightjar itself and try again from there; behind a proxy, add the name that the browser shows to NIGHTJAR_HOSTS.`,
  'request.foreign-host': ({ host = '' }) =>
    t`Nightjar does not answer to the name ${host}. If it is yours, add it to NIGHTJAR_HOSTS and start Nightjar again.`,
  'request.changed-meanwhile': () =>
    t`It has changed since you saw it last (If-Match). Ask for it again, and decide anew.`,
  'novel.unreadable': ({ file = '', detail = '' }) => t`${file} cannot be read as a book: ${detail}.`,
  'novel.empty-file': ({ file = '' }) =>
    t`${file} is empty. Choose the file again; the copy may have been interrupted.`,
  'novel.no-text': ({ file = '' }) =>
    t`${file} has no text to speak. It may hold only images; use an edition with text.`,
  'novel.encrypted': ({ file = '' }) =>
    t`${file} is protected by DRM. Use an edition without copy protection.`,
  'novel.damaged': ({ file = '', detail = '' }) =>
    t`${file} is damaged: ${detail}. Download or copy it again.`,
  'novel.hostile': ({ file = '', detail = '' }) =>
    t`${file} is refused because ${detail}. Real books stay far below this limit.`,
  'novel.too-large': () =>
    t`Working through the text of this novel takes more time or memory than Nightjar allows it. Try again when the machine has less to do.`,
  'chat.silent': ({ detail = '' }) => t`The language model could not be asked: ${detail}.`,
  'opds.unknown': ({ id = '' }) =>
    t`There is no catalogue with the id ${id}. It may have been removed; look at the settings.`,
  'opds.no-fetch': ({ id = '' }) =>
    t`There is no fetched book with the id ${id}. It may have been forgotten; load the list again.`,
  'opds.too-many': ({ most = '' }) =>
    t`There are ${most} catalogues, and there can be no more. Remove one that nobody needs.`,
  'opds.unreachable': ({ host = '', detail = '' }) => t`${host} cannot be asked: ${detail}.`,
  'opds.refused': ({ host = '' }) =>
    t`${host} wants a name and a password, or refuses those that it was given. Write the right ones.`,
  'opds.status': ({ host = '', status = '' }) =>
    t`${host} answers with the status ${status}. Look whether the address is right.`,
  'opds.no-catalogue': ({ host = '' }) =>
    t`What is at ${host} is no OPDS catalogue. Its address often ends in /opds; look for it in the help of that server.`,
  'opds.no-search': () => t`This catalogue cannot be searched. Go through its lists.`,
  'opds.too-large': ({ title = '', limit = '' }) =>
    t`${title} is larger than ${limit}. Set NIGHTJAR_UPLOAD_LIMIT higher, or choose another book.`,
  'import.unknown': () =>
    t`There is no such import or file any more. It may have been put away; send the files again.`,
  'address.unfit': ({ detail = '' }) => t`The address cannot be fetched: ${detail}.`,
  'address.private': ({ host = '' }) =>
    t`${host} is in a private network, from which nothing is fetched. If it is yours, add it to NIGHTJAR_FETCH_HOSTS and start Nightjar again.`,
  'address.unreachable': ({ host = '', detail = '' }) =>
    t`Nothing can be fetched from ${host}: ${detail}. Look at the address and try again.`,
  'address.refused': ({ host = '', status = '' }) =>
    t`${host} answers ${status} instead of a page. Open the address in a browser, and add the text or file from there.`,
  'address.slow': ({ host = '' }) =>
    t`${host} does not send in time. Try again later, or save the page and add the file.`,
  'address.no-book': ({ host = '', type = '' }) =>
    t`What ${host} sends is no book (${type}). Choose the address of a page with text, or of a book’s file.`,
  'address.too-large': ({ limit = '' }) =>
    t`What lies at this address is larger than ${limit}. Set NIGHTJAR_UPLOAD_LIMIT higher or choose another.`,
  'novel.unknown': ({ novelId = '' }) =>
    t`There is no novel with the id ${novelId}. It may have been deleted; look at the shelf.`,
  'chapter.unknown': ({ chapterNumber = '', chapterCount = '' }) =>
    t`This novel has no chapter ${chapterNumber}; its chapters are numbered 1 to ${chapterCount}.`,
  'headings.pattern': ({ detail = '' }) => t`This is no pattern for headings: ${detail}.`,
  'headings.none': () =>
    t`No line of the book answers to this pattern. Write it as a heading stands in the text.`,
  'headings.too-many': ({ count = '' }) =>
    t`More than ${count} lines would be headings, and no book has so many chapters. Make the pattern narrower.`,
  'headings.not-text': () =>
    t`Only of plain text can the headings be chosen; this book says itself where its chapters begin.`,
  'headings.no-source': () => t`The file of this book is not there any more, so it cannot be read again.`,
  'chapter.nothing-to-speak': () => t`There is nothing to speak in the chosen chapters. Choose others.`,
  'cast.none': () => t`Nobody has looked yet who speaks in this novel. Find its characters first.`,
  'cast.outdated': () => t`The cast was changed meanwhile. Look at it again, and do it once more.`,
  'cast.impossible': ({ detail = '' }) => t`The cast cannot be like this: ${detail}.`,
  'voice.unknown': ({ voice = '' }) => t`There is no voice ${voice}. Choose one from the list of voices.`,
  'voice.none': ({ language = '' }) =>
    t`No installed voice speaks ${language}. Choose a voice for this novel.`,
  'voice.silent': ({ voice = '', detail = '' }) =>
    t`The voice ${voice} could not speak: ${detail}. Try again or choose another voice.`,
  'voice.no-sample': ({ voice = '' }) =>
    t`There is no sample of ${voice} where it comes from. Install the voice to hear it; it can be removed again.`,
  'voice.unreachable': ({ source = '', detail = '' }) =>
    t`The voice cannot be fetched from ${source}: ${detail}. Check the network, or set NIGHTJAR_VOICE_SOURCE to a mirror or a folder.`,
  'voice.missing': ({ source = '', file = '' }) =>
    t`${source} does not have ${file}. Put it there, or set NIGHTJAR_VOICE_SOURCE to a source that has all voices.`,
  'voice.damaged': ({ file = '', source = '', detail = '' }) =>
    t`${file} as ${source} gives it is not the file of the catalogue: ${detail}. Install the voice again, or set NIGHTJAR_VOICE_SOURCE to another source.`,
  'voice.no-room': ({ file = '', needed = '', free = '' }) =>
    t`The disk has no room for ${file}: ${needed} are needed and ${free} are free. Make room, then install the voice again.`,
  'voice.unfit': ({ file = '', detail = '' }) =>
    t`${file} cannot be used as a voice: ${detail}. Nightjar takes Piper voices (.onnx with .onnx.json), Kokoro’s (.bin with its .onnx) and Heart’s family.`,
  'voice.installed': ({ voice = '' }) => t`${voice} is installed already.`,
  'speech.no-worker': ({ detail = '' }) =>
    t`No speech worker can be started, so nothing is spoken: ${detail}. It is tried again by itself; if it stays so, look into the log.`,
  'speech.no-machine': () =>
    t`No speaker machine is connected, so nothing is spoken. Start one with "nightjar speak".`,
  'speech-server.unknown': ({ name = '' }) =>
    t`There is no speech server called ${name}. Look at the list of servers.`,
  'speech-server.silent': ({ detail = '' }) => t`The voices of the server could not be asked for: ${detail}`,
  'speech-server.no-voices': ({ title = '' }) =>
    t`${title} does not say which voices it has. Type the names of those that you want to use.`,
  'generation.unknown': ({ progressId = '' }) =>
    t`There is no generation with the id ${progressId}. Look at the queue for what there is.`,
  'audio.unfinished': ({ done = '', total = '' }) =>
    t`This chapter is still being made: ${done} of ${total} segments are spoken. Listen live or come back later.`,
  'audio.none': () => t`Nobody has asked for this chapter yet. Generate it first.`,
  'recording.nothing-ready': () =>
    t`No chapter of this novel is spoken yet. Generate it, and ask again when a chapter is finished.`,
  'recording.too-large': ({ bytes = '', limit = '' }) =>
    t`This would have about ${bytes}, and recordings are kept up to ${limit}. Set NIGHTJAR_RECORDINGS_LIMIT higher, or take chapter after chapter.`,
  'recording.failed': ({ title = '', detail = '' }) =>
    t`The chapter “${title}” could not be recorded: ${detail}. Ask again in a minute to have it tried once more.`,
  'feed.none': () => t`This novel has no podcast feed. Make one first.`,
  'storage.full': () =>
    t`The disk is full. The work is paused and goes on by itself when there is room again.`,
  'storage.failing': ({ detail = '' }) =>
    t`Nothing can be stored at this moment (${detail}). The work is paused, nothing is lost, and it goes on by itself as soon as something can be.`,
  'storage.unwritable': ({ folder = '', detail = '' }) =>
    t`Nightjar cannot write to ${folder}: ${detail}. Give it the right to, or set NIGHTJAR_DATA.`,
  'machine.unknown': ({ id = '' }) =>
    t`There is no machine with the id ${id}. It may have left; look at the list of machines.`,
  'server.starting': () => t`The server is starting. Try again in some seconds.`,
  'server.stopping': () => t`The server is stopping. Try again when it is back.`,
  'server.broken': () =>
    t`Something went wrong inside Nightjar. The log has the details; nothing you made is lost.`,
  'novel.twice': () =>
    t`The same file is here as two books, one for everybody and one for its keeper alone. Delete one of them first, also from the trash.`,
  'novel.not-keeper': () => t`Only who has added this novel can keep it to themselves.`,
  'novel.not-in-trash': ({ novelId = '' }) =>
    t`There is no novel with the id ${novelId} in the trash. Deleted novels stay there for 30 days; upload the file again.`,
  'novel.no-cover': () => t`This novel has no cover.`,
  'chapter.no-image': ({ name = '' }) => t`This chapter has no image ${name}. Load the chapter again.`,
  'novel.no-anchor': () => t`The place in the book that the link leads to is not there any more.`,
  'skip.unknown': ({ index = '' }) =>
    t`There is no skipped text ${index} with words in this chapter. Look at its skips; they are counted from 0.`,
  'lexicon.not-pls': () =>
    t`This is no pronunciation lexicon. Choose a file of the kind W3C PLS, as from another list of words.`,
  'lexicon.impossible': ({ detail = '' }) => t`It cannot be said like this: ${detail}.`,
  'lexicon.no-series': () => t`This novel belongs to no series. Choose the novel or all of them.`,
  'lexicon.nothing': ({ verb = '' }) => t`There is nothing to be ${doneWords(verb)} in this list of words.`,
  'edit.impossible': ({ detail = '' }) => t`The chapters cannot be changed like this: ${detail}.`,
  'version.unknown': () =>
    t`This version of the novel is not offered any more. It was taken over, kept apart or left by somebody.`,
  'edit.nothing': ({ verb = '' }) => t`There is nothing to be ${doneWords(verb)}.`,
  'edit.outdated': () => t`The chapters have changed since, so this cannot be taken back any more.`,
  'segment.unknown': ({ index = '', last = '' }) =>
    t`This chapter has no segment ${index}; its segments are numbered 0 to ${last}.`,
  'bookmark.nowhere': ({ chapterNumber = '' }) =>
    t`There is no sentence at this place of chapter ${chapterNumber}. Mark one that is there.`,
  'bookmark.unknown': ({ bookmarkId = '' }) =>
    t`There is no bookmark with the id ${bookmarkId}. It may have been deleted.`,
  'spot.unknown': () =>
    t`There is no such spot in this novel, or its sentence is not spoken any more. Load the list again.`,
  'voice.not-in-catalogue': ({ voice = '' }) =>
    t`There is no voice ${voice} in the catalogue. Search it for the voices that there are.`,
  'install.unknown': ({ installId = '' }) =>
    t`There is no install with the id ${installId}. Look at the list of installs.`,
  'voice.no-file': () =>
    t`No voice came with the request. Send its model as a multipart field named "model", and for a Piper voice its .onnx.json as "config"; of Kokoro, a table of styles (.bin) as "config".`,
  'voice.built-in': ({ voice = '', verb = '' }) =>
    t`${voice} comes with Nightjar or from a server and cannot be ${doneWords(verb)} here.`,
  'generation.over': ({ status = '', verb = '' }) =>
    t`This generation is ${doneWords(status)}, so it cannot be ${doneWords(verb)}.`,
  'removal.unknown': ({ id = '' }) =>
    t`There is nothing to bring back with the id ${id}. What was removed can be brought back for an hour.`,
  'removal.replaced': () =>
    t`Something else has its place by now, so it cannot be brought back. Remove that first.`,
  'webhook.unknown': ({ id = '' }) =>
    t`There is no webhook with the id ${id}. It may have been removed; look at the settings.`,
  'webhook.no-delivery': ({ id = '' }) =>
    t`There is no event with the id ${id} in the log of this webhook. It is kept for 30 days; look at the log.`,
  'webhook.too-many': ({ most = '' }) =>
    t`There are ${most} webhooks, and there can be no more. Remove one that nobody needs.`,
  ...accountFailureWords,
  'segment.unspoken': () => t`This segment is not spoken yet. Ask again when it is ready.`,
}

/** What can be done with something, or what was. */
function doneWords(word: string): string {
  const known: Readonly<Record<string, string>> = {
    undone: t`undone`,
    'done again': t`done again`,
    paused: t`paused`,
    resumed: t`resumed`,
    cancelled: t`cancelled`,
    retried: t`retried`,
    completed: t`completed`,
    failed: t`failed`,
    removed: t`removed`,
    changed: t`changed`,
  }
  return known[word] ?? word
}
