import { accountFailureMessages } from './account-failures.ts'
import { copyFailureMessages } from './copy-failures.ts'
import { opdsFailureMessages } from './opds-failures.ts'
import { addressFailures } from './address-failures.ts'
import { readableFormats } from './source-format.ts'

/**
 * Messages of all failures shown to users, by code: what happened and what to do next. `{name}` is replaced from the
 * details.
 */
/** What a failure says, by its code; values stand in braces. */
export const failureMessages = {
  'request.invalid': 'The request is not right: {detail}.',
  /** Well-formed but meaningless. */
  'request.senseless': 'The request is not right: {detail}.',
  'request.too-large':
    'The upload is larger than {limit}. Set NIGHTJAR_UPLOAD_LIMIT higher or choose a smaller file.',
  'request.too-long': 'The request is longer than any real one. Ask for less at once.',
  'request.wrong-type':
    'Content of the type {type} is not understood here. Send JSON, or a book as multipart/form-data.',
  'request.cut-off': 'The upload broke off before its end. Send the file again.',
  'request.stalled':
    'Nothing of the request came for {seconds} seconds, so it was given up. Check the network and send it again.',
  'request.foreign-origin':
    'This server answers only its own page. Open Nightjar itself and try again from there; behind a proxy, add the name that the browser shows to NIGHTJAR_HOSTS.',
  'request.foreign-host':
    'Nightjar does not answer to the name {host}. If it is yours, add it to NIGHTJAR_HOSTS and start Nightjar again.',
  'request.not-found': 'There is nothing at this address. Look at /api/docs for what there is.',
  'request.wrong-method':
    'This address does not know the method {method}. Use {allow}; /api/docs tells what each does.',
  'request.changed-meanwhile':
    'It has changed since you saw it last (If-Match). Ask for it again, and decide anew.',
  'request.no-file': 'No file came with the request. Send the book as a multipart field named "file".',
  'novel.unreadable': `{file} cannot be read as a book: {detail}. Nightjar reads ${readableFormats} files.`,
  'novel.empty-file': '{file} is empty. Choose the file again; the copy may have been interrupted.',
  'novel.no-text': '{file} has no text to speak. It may hold only images; use an edition with text.',
  'novel.encrypted': '{file} is protected by DRM. Use an edition without copy protection.',
  'novel.damaged': '{file} is damaged: {detail}. Download or copy it again.',
  'novel.hostile': '{file} is refused because {detail}. Real books stay far below this limit.',
  ...addressFailures,
  'import.unknown':
    'There is no such import or file any more. It may have been put away; send the files again.',
  'novel.unknown': 'There is no novel with the id {novelId}. It may have been deleted; look at the shelf.',
  'novel.twice':
    'The same file is here as two books, one for everybody and one for its keeper alone. Delete one of them first, also from the trash.',
  'novel.not-keeper': 'Only who has added this novel can keep it to themselves.',
  'novel.not-in-trash':
    'There is no novel with the id {novelId} in the trash. Deleted novels stay there for 30 days; upload the file again.',
  'novel.no-cover': 'This novel has no cover.',
  'chapter.no-image': 'This chapter has no image {name}. Load the chapter again.',
  'novel.no-anchor': 'The place in the book that the link leads to is not there any more.',
  'chapter.unknown':
    'This novel has no chapter {chapterNumber}; its chapters are numbered 1 to {chapterCount}.',
  'skip.unknown':
    'There is no skipped text {index} with words in this chapter. Look at its skips; they are counted from 0.',
  'chapter.nothing-to-speak': 'There is nothing to speak in the chosen chapters. Choose others.',
  'edit.impossible': 'The chapters cannot be changed like this: {detail}.',
  'chat.silent': 'The language model could not be asked: {detail}.',
  'cast.none': 'Nobody has looked yet who speaks in this novel. Find its characters first.',
  'cast.outdated': 'The cast was changed meanwhile. Look at it again, and do it once more.',
  'cast.impossible': 'The cast cannot be like this: {detail}.',
  'lexicon.not-pls':
    'This is no pronunciation lexicon. Choose a file of the kind W3C PLS, as from another list of words.',
  'lexicon.impossible': 'It cannot be said like this: {detail}.',
  'lexicon.no-series': 'This novel belongs to no series. Choose the novel or all of them.',
  'lexicon.nothing': 'There is nothing to be {verb} in this list of words.',
  'edit.nothing': 'There is nothing to be {verb}.',
  'edit.outdated': 'The chapters have changed since, so this cannot be taken back any more.',
  'version.unknown':
    'This version of the novel is not offered any more. It was taken over, kept apart or left by somebody.',
  'headings.pattern': 'This is no pattern for headings: {detail}.',
  'headings.none': 'No line of the book answers to this pattern. Write it as a heading stands in the text.',
  'headings.too-many':
    'More than {count} lines would be headings, and no book has so many chapters. Make the pattern narrower.',
  'headings.not-text':
    'Only of plain text can the headings be chosen; this book says itself where its chapters begin.',
  'headings.no-source': 'The file of this book is not there any more, so it cannot be read again.',
  'novel.too-large':
    'Working through the text of this novel takes more time or memory than Nightjar allows it. Try again when the machine has less to do.',
  'segment.unknown': 'This chapter has no segment {index}; its segments are numbered 0 to {last}.',
  'bookmark.nowhere':
    'There is no sentence at this place of chapter {chapterNumber}. Mark one that is there.',
  'bookmark.unknown': 'There is no bookmark with the id {bookmarkId}. It may have been deleted.',
  'spot.unknown':
    'There is no such spot in this novel, or its sentence is not spoken any more. Load the list again.',
  'voice.unknown': 'There is no voice {voice}. Choose one from the list of voices.',
  'voice.none': 'No installed voice speaks {language}. Choose a voice for this novel.',
  'voice.silent': 'The voice {voice} could not speak: {detail}. Try again or choose another voice.',
  'voice.not-in-catalogue':
    'There is no voice {voice} in the catalogue. Search it for the voices that there are.',
  'voice.no-sample':
    'There is no sample of {voice} where it comes from. Install the voice to hear it; it can be removed again.',
  'voice.unreachable':
    'The voice cannot be fetched from {source}: {detail}. Check the network, or set NIGHTJAR_VOICE_SOURCE to a mirror or a folder.',
  'voice.missing':
    '{source} does not have {file}. Put it there, or set NIGHTJAR_VOICE_SOURCE to a source that has all voices.',
  'voice.damaged':
    '{file} as {source} gives it is not the file of the catalogue: {detail}. Install the voice again, or set NIGHTJAR_VOICE_SOURCE to another source.',
  'voice.no-room':
    'The disk has no room for {file}: {needed} are needed and {free} are free. Make room, then install the voice again.',
  'install.unknown': 'There is no install with the id {installId}. Look at the list of installs.',
  'voice.unfit':
    '{file} cannot be used as a voice: {detail}. Nightjar takes Piper voices (.onnx with .onnx.json), Kokoro’s (.bin with its .onnx) and Heart’s family.',
  'speech.no-worker':
    'No speech worker can be started, so nothing is spoken: {detail}. It is tried again by itself; if it stays so, look into the log.',
  'speech.no-machine':
    'No speaker machine is connected, so nothing is spoken. Start one with "nightjar speak".',
  'speaker.unknown': 'The server does not know this machine (any more). It has to join again.',
  'speaker.other-version':
    'This machine runs Nightjar {here}, the server {server}. Install the same version on both.',
  'speaker.other-engines':
    'The speech engines of this machine are not those of the server, though both run Nightjar {version}. Install it anew on both.',
  'speech.nothing-to-speak': 'There is nothing to speak in the input. Send text with letters or digits.',
  'speech.too-long':
    'The input has {characters} characters; a request may have {most}. Send it in several requests.',
  'speech.no-sentences':
    'The input takes longer to be cut into sentences than any real text. Send it in parts, with full stops and line breaks.',
  'speech.no-model':
    'There is no model {model}. Ask for "nightjar"; GET /v1/models lists what it answers to.',
  'speech.busy':
    'So many programs are being spoken to that there is no place for another. Try again in {seconds} seconds.',
  'voice.no-file':
    'No voice came with the request. Send its model as a multipart field named "model", and for a Piper voice its .onnx.json as "config"; of Kokoro, a table of styles (.bin) as "config".',
  'voice.installed': '{voice} is installed already.',
  'voice.built-in': '{voice} comes with Nightjar or from a server and cannot be {verb} here.',
  'speech-server.unknown': 'There is no speech server called {name}. Look at the list of servers.',
  'speech-server.silent': 'The voices of the server could not be asked for: {detail}',
  'speech-server.no-voices':
    '{title} does not say which voices it has. Type the names of those that you want to use.',
  'generation.unknown':
    'There is no generation with the id {progressId}. Look at the queue for what there is.',
  'generation.over': 'This generation is {status}, so it cannot be {verb}.',
  'removal.unknown':
    'There is nothing to bring back with the id {id}. What was removed can be brought back for an hour.',
  'removal.replaced': 'Something else has its place by now, so it cannot be brought back. Remove that first.',
  'webhook.unknown': 'There is no webhook with the id {id}. It may have been removed; look at the settings.',
  'webhook.no-delivery':
    'There is no event with the id {id} in the log of this webhook. It is kept for 30 days; look at the log.',
  'webhook.too-many': 'There are {most} webhooks, and there can be no more. Remove one that nobody needs.',
  'audio.unfinished':
    'This chapter is still being made: {done} of {total} segments are spoken. Listen live or come back later.',
  'audio.none': 'Nobody has asked for this chapter yet. Generate it first.',
  'recording.nothing-ready':
    'No chapter of this novel is spoken yet. Generate it, and ask again when a chapter is finished.',
  'recording.too-large':
    'This would have about {bytes}, and recordings are kept up to {limit}. Set NIGHTJAR_RECORDINGS_LIMIT higher, or take chapter after chapter.',
  'recording.failed':
    'The chapter “{title}” could not be recorded: {detail}. Ask again in a minute to have it tried once more.',
  'export.nothing-ready':
    'No chapter of it is whole yet, of {chapters} to be spoken. Generate it, or come back when the first is done.',
  'export.no-part': 'There is no part {part} to take along. {detail}.',
  'export.chapter-unready': 'Chapter {chapterNumber} cannot be taken along: {detail}.',
  'export.broke-off': '{file} broke off after {bytes} of {total}. The same command goes on from there.',
  'export.unwritable':
    '{file} cannot be written: {detail}. Choose another place, or make room, and try again.',
  'export.full': '{file} finds no room: {detail}. Make room or choose another place, and try again.',
  'feed.none': 'This novel has no podcast feed. Make one first.',
  'feed.unknown':
    'There is no feed at this address. It may have been revoked; take the new address from the novel’s page.',
  'audiobookshelf.missing':
    'There is no folder {folder}. Make it or mount its drive, or set NIGHTJAR_AUDIOBOOKSHELF to another.',
  'audiobookshelf.full':
    'There is no room for the book in {folder}. Make some; then it is brought there by itself.',
  'audiobookshelf.unwritable':
    'The book cannot be written to {folder}: {detail}. Give Nightjar the right to, or set NIGHTJAR_AUDIOBOOKSHELF.',
  'book.unfinished':
    'No chapter of this novel is ready yet: {done} of {total} segments are spoken. Come back when the first is.',
  'book.killed':
    'The EPUB could not be made: what makes it was ended from outside, as a machine does that has no memory left. Try again.',
  'segment.unspoken': 'This segment is not spoken yet. Ask again when it is ready.',
  'storage.full': 'The disk is full. The work is paused and goes on by itself when there is room again.',
  'storage.failing':
    'Nothing can be stored at this moment ({detail}). The work is paused, nothing is lost, and it goes on by itself as soon as something can be.',
  'storage.in-use':
    'Another Nightjar is already using {folder}. Stop it first, or set NIGHTJAR_DATA to another folder.',
  'storage.newer':
    '{folder} was written by a newer Nightjar (database version {found}, this one knows {known}). Update Nightjar.',
  'storage.older':
    'An older Nightjar is using {folder}. Start its server again with this version, then try again.',
  'storage.lost':
    '{folder} holds {books} and its nightjar.db {detail}. Put the last backup back with "nightjar restore FOLDER", or take the books up again from their files with "nightjar restore --from-sources".',
  'storage.damaged':
    'nightjar.db in {folder} is damaged ({detail}); it is left as it is. Put the last backup back with "nightjar restore FOLDER", or take the books up again from their files with "nightjar restore --from-sources".',
  'storage.salvaging':
    'clips.db in {folder} was damaged: what can be read of it is being brought into a new one, and the rest is spoken again. Nothing is to be done.',
  'storage.unsalvaged':
    'clips.db in {folder} was damaged, and not all that can be read of it could be brought into the new one: {detail}. What is missing is spoken again; the old file is kept as {file}.',
  'storage.unknown-files':
    'nightjar.db does not know {files} in {folder}: it may be older than they are. They stay where they are; put a newer nightjar.db back, or move them away.',
  'storage.no-objects':
    'The store of NIGHTJAR_OBJECTS cannot be used: {detail}. Look at the address, the keys and the store, then start again.',
  'storage.unread-books':
    'Not every book in {folder} that nightjar.db did not know could be taken up again: {detail}. Its file stays in "sources"; clips are removed with deleted novels though it may share them.',
  'storage.untidy':
    'Not everything that the last run left in {folder} could be tidied up: {detail}. It stays where it is, and the next start tries again.',
  'storage.unwritable':
    'Nightjar cannot write to {folder}: {detail}. Give it the right to, or set NIGHTJAR_DATA.',
  'database.unreachable':
    'The database of NIGHTJAR_DATABASE cannot be opened ({detail}). Start it, or correct the address.',
  'database.in-use':
    'The database {database} is in use by another Nightjar. Stop its servers, or wait until "nightjar migrate" has ended, or set NIGHTJAR_DATABASE to another one.',
  'database.other-objects':
    'The other servers on the database {database} keep books and voices in another place than this one. Set the NIGHTJAR_OBJECTS of each to the same bucket or shared folder.',
  'database.newer': 'The database {database} was written by a newer Nightjar. Update Nightjar.',
  'database.lost':
    '{folder} holds {books} and the database {database} knows none of them. Set NIGHTJAR_DATABASE to theirs, or put it back from its dump.',
  'database.separate':
    '"nightjar {command}" is for a data folder with its own database. This one is in Postgres: use pg_dump and pg_restore for it, and copy {folder}.',
  'database.older':
    'The database {database} was written by an older Nightjar. Start a server of this version on it once, then try again.',
  ...copyFailureMessages,
  'speaker.lease-gone': 'This segment is not leased (any more), so nothing that comes for it is kept.',
  'speaker.clip': 'What came is not a clip: {detail}.',
  'speaker.no-file': 'No installed voice has a file with the SHA-256 {sha256}. It may have been removed.',
  'machine.unknown': 'There is no machine with the id {id}. It may have left; look at the list of machines.',
  'token.unknown':
    'This needs a token that the server knows and has not revoked. Make one there with "nightjar token create NAME".',
  'token.scope': 'The token {name} is for {scope} and does not allow {wanted}. Make another one.',
  'token.not-listed': 'There is no token with the id {id}. "nightjar token list" shows those that there are.',
  ...accountFailureMessages,
  'request.no-origin':
    'A change by somebody who is signed in needs the header Origin, as browsers send it. Programs use a token.',
  ...opdsFailureMessages,
  'settings.invalid': 'A setting is not right: {detail}.',
  'server.unreachable': 'The server at {address} does not answer: {detail}. Start it with "nightjar serve".',
  'server.port-taken':
    'Port {port} is already in use. Stop the other program, or set PORT to another number.',
  'server.starting': 'The server is starting. Try again in some seconds.',
  'server.stopping': 'The server is stopping. Try again when it is back.',
  'server.broken': 'Something went wrong inside Nightjar. The log has the details; nothing you made is lost.',
} as const

export type FailureCode = keyof typeof failureMessages

/** A failure that a user can act on. Any other error is a bug and is only logged. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly details: Readonly<Record<string, string | number>>

  constructor(
    code: FailureCode,
    details: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(
      // A detail may be a full sentence: its full stop is dropped where the message has one.
      failureMessages[code].replaceAll(/\{(\w+)\}(\.?)/g, (_, name: string, point: string) => {
        const detail = String(details[name] ?? name)
        return point === '' ? detail : detail.replace(/\.$/, '') + point
      }),
      options,
    )
    this.name = 'Failure'
    this.code = code
    this.details = details
  }

  /** The details that stand in the message: a program can say them in other words. */
  get said(): Readonly<Record<string, string | number>> {
    return Object.fromEntries(
      Object.entries(this.details).filter(([name]) => failureMessages[this.code].includes(`{${name}}`)),
    )
  }
}
