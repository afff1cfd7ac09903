import type { Tables } from '../database-tables.ts'

/** A table that `nightjar migrate` copies, with all its columns. */
export interface CopiedTable {
  readonly name: Exclude<
    keyof Tables,
    'clips.clips' | 'claims' | 'servers' | 'copyState' | 'jobProgress' | 'removals' | 'signInFailures'
  >
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
  /** Rows read and written at once; fewer where a row is large. */
  readonly batch: number
}

const standardBatch = 500
/** The blocks and segments of a chapter have some hundred kilobytes. */
const largeBatch = 20

function table(name: CopiedTable['name'], key: readonly string[], batch = standardBatch): CopiedTable {
  return { name, key, batch }
}

/**
 * Every table of a studio but the clips, in the order of their foreign keys. The last two are written by triggers on the
 * others and are therefore made equal after them.
 */
export const copiedTables: readonly CopiedTable[] = [
  table('novels', ['id']),
  table('chapters', ['id']),
  table('chapterTexts', ['chapterId'], largeBatch),
  table('segments', ['chapterId', 'idx']),
  table('listeners', ['id']),
  table('people', ['id']),
  table('sessions', ['id']),
  table('accountLinks', ['id']),
  table('auditLog', ['id']),
  table('listenerSettings', ['listener']),
  table('novelSettings', ['listener', 'novelId']),
  table('listeningDays', ['listener', 'novelId', 'day', 'sitting']),
  table('bookmarks', ['listener', 'novelId', 'id']),
  table('positions', ['listener', 'novelId']),
  table('heard', ['listener', 'novelId', 'chapterNumber']),
  table('chapterEdits', ['novelId', 'number'], largeBatch),
  table('castStates', ['novelId']),
  table('castVersions', ['novelId', 'number'], largeBatch),
  table('chapterLines', ['chapterId'], largeBatch),
  table('castQuestions', ['novelId', 'key']),
  table('castQuestionRuns', ['novelId']),
  table('lexiconEntries', ['id']),
  table('lexiconChanges', ['scope', 'scopeKey', 'number']),
  table('lexiconBooks', ['novelId']),
  table('fineNames', ['novelId', 'word']),
  table('feeds', ['listener', 'novelId']),
  table('audiobookshelfBooks', ['novelId']),
  table('recipes', ['hash']),
  table('castings', ['id']),
  table('castingParts', ['casting', 'role']),
  table('generations', ['id']),
  table('generationChapters', ['generationId', 'chapterId']),
  table('keptAhead', ['novelId']),
  table('failures', ['recipe', 'words']),
  table('spots', ['recipe', 'words']),
  table('recordings', ['key']),
  table('voices', ['id']),
  table('voiceDefaults', ['language']),
  table('voiceInstalls', ['id']),
  table('engines', ['name']),
  table('speechServers', ['name']),
  table('speechServerUse', ['server', 'month']),
  table('serverVoices', ['address', 'voice', 'model', 'pcmRate']),
  table('accessTokens', ['id']),
  table('speakingRates', ['machine', 'voice']),
  table('webhooks', ['id']),
  table('webhookDeliveries', ['id']),
  table('readyChapters', ['chapterId', 'casting']),
  table('inboxFiles', ['path']),
  table('importFiles', ['id']),
  table('houseSettings', ['name']),
  table('opdsSources', ['id']),
  table('opdsFetches', ['id']),
  table('releasedTexts', ['words']),
  table('leftoverFiles', ['path']),
]

/** Tables of the schema that are not copied as they are, and why. */
export const notCopied: Readonly<Record<string, string>> = {
  'clips.clips': 'copied with its audio, by clip-copy.ts',
  claims: 'of the servers that run now',
  servers: 'likewise',
  jobProgress: 'of jobs, which the queue of the copy begins anew',
  removals: 'can be brought back for an hour, by who removed it',
  signInFailures: 'wrong passwords of the last day',
  copyState: 'says of a database whether it is a finished copy',
}

/** Tables whose ids are given by the database and never used twice. */
export const tablesWithLastingIds = ['chapters'] as const
