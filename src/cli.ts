import { parseArgs } from 'node:util'
import { ApiError } from './cli/api-client.ts'
import {
  environmentWith,
  loadEnvironmentFile,
  forgetSecrets,
  readSettings,
  readSpeakSettings,
  type Settings,
  workerEnvironment,
} from './config.ts'
import { readAddSettings } from './add-settings.ts'
import { startNightjar, version } from './main.ts'
import { Failure } from './novel/failure.ts'

const help = `Nightjar speaks novels in the background and never loses the work.

  nightjar serve                  the page and the API, until it is stopped
      --speakers 2                texts spoken at the same time; 0: other machines speak
  nightjar speak --server http://box.local:4747 --token TOKEN
                                  lends this machine to the server there, until it is stopped
      --speakers 2                texts spoken at the same time
      --name NAME                 what the server calls this machine
  nightjar import FILE…           puts EPUB or text files on the shelf
      --take                      another version of a book that is there is taken over:
                                  what did not change keeps its audio and its places
      --speak-new                 and its new chapters are spoken, now and later
      --separate                  or becomes a book of its own
  nightjar add FILE… --server http://box.local:4747 [--token TOKEN]
                                  puts books on the shelf of a server elsewhere, each once, or what
                                  it fetches from addresses (https://…) in place of files; for what
                                  Calibre and FanFicFare run after. 0: all are there, 1: one is
                                  refused, 3: the server did not take one now, try again
      --speak                     and has them spoken
  nightjar narrate FILE           speaks a book into a folder, one .m4a a chapter;
                                  run again, it goes on where it was
      --chapters 1-3,7            only these
      --voice ID                  e.g. hibari:heart, espeak:vi (see "nightjar voices")
      --speed 1.25                0.5 to 2
      --out FOLDER                the book's title if left out
      --out BOOK.m4b              one file with chapters instead, at the end
  nightjar export NOVEL           takes a novel along as one file, as far as it is spoken;
                                  NOVEL is its id or words of its title
      --format m4b                or epub, mp3, opus (zips), vtt, srt
      --out FILE                  - is standard output; cut off and run again, it goes on
      --chapters 1-3,7            of m4b: only these
      --book-part NAME            of m4b: the book's own part whose name begins so
      --part 2/4                  of m4b: the second of four parts of about the same length
      --part-size 500MB           as many m4b as it takes, none larger: "FILE (1 of 3).m4b" …
      --voice ID, --speed 1.25    another voice than the novel's own
  nightjar voices [LANGUAGE]      who can speak, e.g. nightjar voices vi
  nightjar voices search WORD     voices that can be installed, e.g. for a language
  nightjar voices add NAME|FILE   installs one of these, or your own .onnx file
  nightjar voices remove NAME     what it has spoken stays
  nightjar voices try NAME TEXT   as WAV on standard output: … > out.wav
  nightjar status [PROGRESS-ID]   what runs and what waits, or how far one is
  nightjar token create NAME      lets another machine speak for this server; shown once
      --scope read,listen         or edit, admin: for a program or a reading app
      --person NAME               whose it is, with what they may do
  nightjar token list             and token revoke ID
  nightjar person add NAME        an account; prints a link to set a password
      --role listener             or editor, admin
  nightjar person reset NAME      a link to set another password
  nightjar person list            who has an account
  nightjar backup FOLDER          books, voices and what was asked for, whole and checked;
                                  a server may run; again into the same folder replaces it
      --clips                     what was spoken, too; else it is spoken again
  nightjar restore FOLDER         a backup into the data folder, which has to be empty
      --set-aside                 or is put aside
  nightjar restore --from-sources
                                  after nightjar.db was lost: takes every book up again
                                  from its file; what was spoken is found again
  nightjar migrate --to postgres://…
                                  copies the data folder into an empty Postgres, also while
                                  its server runs; says when to stop it, then compares all;
                                  broken off and run again, it goes on
      --objects s3://…|FOLDER     and the books, covers and voices to there
  nightjar migrate --from postgres://… --data FOLDER
                                  and back, into an empty data folder
      --objects s3://…|FOLDER     where the books are

  --help                          this

A server that runs on the same data folder does the work; without one, the command does it itself.
Settings are environment variables: NIGHTJAR_DATA is where everything is kept (./data), the README has the rest.`

const usageError = 2

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      chapters: { type: 'string' },
      voice: { type: 'string' },
      speed: { type: 'string' },
      out: { type: 'string' },
      format: { type: 'string' },
      part: { type: 'string' },
      'part-size': { type: 'string' },
      'book-part': { type: 'string' },
      'from-sources': { type: 'boolean' },
      'set-aside': { type: 'boolean' },
      clips: { type: 'boolean' },
      take: { type: 'boolean' },
      separate: { type: 'boolean' },
      'speak-new': { type: 'boolean' },
      speakers: { type: 'string' },
      server: { type: 'string' },
      speak: { type: 'boolean' },
      token: { type: 'string' },
      name: { type: 'string' },
      to: { type: 'string' },
      from: { type: 'string' },
      objects: { type: 'string' },
      data: { type: 'string' },
      scope: { type: 'string' },
      person: { type: 'string' },
      role: { type: 'string' },
    },
  })
  const [verb, ...rest] = positionals
  if (values.help || verb === 'help') {
    console.log(help)
    return 0
  }
  loadEnvironmentFile()
  const { speakers } = values
  if (verb === 'speak') {
    const settings = readSpeakSettings(
      environmentWith({
        NIGHTJAR_SERVER: values.server,
        NIGHTJAR_TOKEN: values.token,
        NIGHTJAR_SPEAKERS: speakers,
        NIGHTJAR_NAME: values.name,
      }),
    )
    forgetSecrets()
    const { speak } = await import('./cli/speak/speak-command.ts')
    return speak({ settings, version, environment: workerEnvironment() })
  }
  if (verb === 'add') {
    if (rest.length === 0) return usageFailure('Which file? nightjar add FILE --server URL')
    const settings = readAddSettings(
      environmentWith({ NIGHTJAR_SERVER: values.server, NIGHTJAR_TOKEN: values.token }),
    )
    const { addBooks } = await import('./cli/add-command.ts')
    return addBooks(rest, settings, values.speak === true)
  }
  if (verb === 'migrate') return rest.length === 0 ? migrateStorage(values) : migrateUsage()
  const settings = readSettings(environmentWith({ NIGHTJAR_SPEAKERS: speakers, NIGHTJAR_DATA: values.data }))
  forgetSecrets()
  const context = { settings, start: startNightjar }
  // Each loads what it needs: a server answers sooner without the rest.
  switch (verb) {
    case 'serve':
      return (await import('./cli/server-commands.ts')).serve(context)
    case 'import': {
      if (rest.length === 0) return usageFailure('Which file? nightjar import FILE')
      return (await import('./cli/book-commands.ts')).importBooks(context, rest, values)
    }
    case 'narrate': {
      if (!rest[0] || rest.length > 1) return usageFailure('Which file? nightjar narrate FILE')
      return (await import('./cli/book-commands.ts')).narrate(context, rest[0], values)
    }
    case 'export': {
      if (rest.length === 0) return usageFailure('Which novel? nightjar export NOVEL')
      return (await import('./cli/export-command.ts')).exportNovel(context, rest.join(' '), values)
    }
    case 'voices': {
      const { voices } = await import('./cli/voice-commands.ts')
      return (
        (await voices(context, rest)) ??
        usageFailure('What about voices? nightjar voices search|add|remove|try')
      )
    }
    case 'token': {
      const { tokens } = await import('./cli/token-commands.ts')
      return (
        (await tokens(await onStorage(settings), rest, values)) ??
        usageFailure('What about tokens? nightjar token create NAME, token list, token revoke ID')
      )
    }
    case 'person': {
      const { people } = await import('./cli/person-commands.ts')
      return (
        (await people(await onStorage(settings), rest, values)) ??
        usageFailure('Who? nightjar person add NAME, person reset NAME, person list')
      )
    }
    case 'status':
      return (await import('./cli/server-commands.ts')).status(context, rest[0])
    case 'restore': {
      const { restore, restoreFromSources } = await import('./cli/backup-commands.ts')
      if (values['from-sources'] && rest.length === 0) return restoreFromSources(await onStorage(settings))
      return rest[0] && rest.length === 1
        ? restore(await onStorage(settings), rest[0], { setAside: values['set-aside'] ?? false })
        : usageFailure('From where? nightjar restore FOLDER, or --from-sources')
    }
    case 'backup': {
      if (!rest[0] || rest.length > 1) return usageFailure('Where to? nightjar backup FOLDER')
      const { backup } = await import('./cli/backup-commands.ts')
      return backup({ ...(await onStorage(settings)), version }, rest[0], { clips: values.clips ?? false })
    }
    default:
      return usageFailure(verb ? `There is no "${verb}".` : 'What shall Nightjar do?')
  }
}

async function onStorage(settings: Settings) {
  const { commandStorage } = await import('./composition/open-command-storage.ts')
  return { settings, storage: commandStorage }
}

interface MigrateOptions {
  readonly to?: string
  readonly from?: string
  readonly objects?: string
  readonly data?: string
}

async function migrateStorage({ to, from, objects, data }: MigrateOptions): Promise<number> {
  const url = to ?? from
  if (!url || (to !== undefined && from !== undefined)) return migrateUsage()
  const embedded = readSettings(environmentWith({ NIGHTJAR_DATA: data, NIGHTJAR_DATABASE: '' }))
  const many = readSettings(
    environmentWith({ NIGHTJAR_DATA: data, NIGHTJAR_DATABASE: url, NIGHTJAR_OBJECTS: objects }),
  )
  forgetSecrets()
  const { migrate } = await import('./cli/migrate-command.ts')
  return migrate({
    open: async (closing) => {
      const { openCopyFromPostgres, openCopyToPostgres } = await import('./composition/open-copy.ts')
      return (to ? openCopyToPostgres : openCopyFromPostgres)({ embedded, many }, closing)
    },
    afterwards: to
      ? 'Start servers with NIGHTJAR_DATABASE and NIGHTJAR_OBJECTS as you named them here.'
      : 'Start the server with NIGHTJAR_DATA as you named it here, and without NIGHTJAR_DATABASE.',
  })
}

function migrateUsage(): number {
  return usageFailure('Where to? nightjar migrate --to postgres://…, or --from postgres://…')
}

/**
 * Where `bin/nightjar.js` cannot replace its own process, it forks this one with an IPC channel. Killed, it forwards no
 * signal, but the channel closes.
 */
function endWithParent(): void {
  if (!process.channel) return
  process.once('disconnect', () => {
    // Commands with a handler for SIGTERM (`serve`, `narrate`) shut down by it.
    if (!process.emit('SIGTERM')) process.exit(1)
  })
  process.channel.unref()
}

function usageFailure(complaint: string): number {
  console.error(`${complaint}\n\n${help}`)
  return usageError
}

endWithParent()
try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  process.exitCode = 1
  if (error instanceof Failure || error instanceof ApiError) console.error(error.message)
  else if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    process.exitCode = usageFailure(error.message)
  } else console.error('Something went wrong inside Nightjar; what is done is kept.', error)
}
