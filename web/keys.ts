/** The names under which answers of the server are kept in the page. */
export const keys = {
  novels: ['novels'] as const,
  shelf: (search: string) => ['novels', search] as const,
  novel: (id: string) => ['novel', id] as const,
  chaptersOf: (id: string) => ['chapter', id] as const,
  chapter: (id: string, number: number) => ['chapter', id, number] as const,
  settings: (novelId?: string) => ['settings', ...(novelId === undefined ? [] : [novelId])] as const,
  found: (id: string, words: string) => ['found', id, words] as const,
  phonemes: (word: string, language: string) => ['phonemes', word, language] as const,
  bookmarks: ['bookmarks'] as const,
  begun: ['begun'] as const,
  hours: ['hours'] as const,
  heard: (id: string) => ['heard', id] as const,
  review: (id: string) => ['review', id] as const,
  cast: (id: string) => ['cast', id] as const,
  castPlan: (id: string, version: number) => ['cast-plan', id, version] as const,
  castLinesOf: (id: string) => ['cast-lines', id] as const,
  castLines: (id: string, number: number) => ['cast-lines', id, number] as const,
  spots: (id: string) => ['spots', id] as const,
  lexicon: (id: string) => ['lexicon', id] as const,
  lexiconPlan: (id: string, change: string) => ['lexicon-plan', id, change] as const,
  names: (id: string) => ['names', id] as const,
  versions: (id: string) => ['versions', id] as const,
  version: (id: string, versionId: string) => ['versions', id, versionId] as const,
  coverage: (id: string) => ['coverage', id] as const,
  headings: (id: string) => ['headings', id] as const,
  headingsOutline: (id: string, rule: string) => ['headings-outline', id, rule] as const,
  headingsPreview: (id: string, command: string) => ['headings-preview', id, command] as const,
  editPreview: (id: string, command: string) => ['edit-preview', id, command] as const,
  plan: (id: string, wish: string, version: string) => ['plan', id, wish, version] as const,
  exports: (id: string, voice: string | null, speed: number) => ['exports', id, voice, speed] as const,
  recording: (address: string, voice: string | null, speed: number) =>
    ['recording', address, voice, speed] as const,
  feed: (id: string) => ['feed', id] as const,
  ahead: (id: string) => ['ahead', id] as const,
  progress: (id: string) => ['progress', id] as const,
  queue: ['queue'] as const,
  voices: ['voices'] as const,
  voiceUses: (id: string) => ['voice-uses', id] as const,
  catalogues: ['catalogue'] as const,
  offers: (language: string) => ['catalogue', 'of', language] as const,
  catalogue: (search: string) => ['catalogue', search] as const,
  card: (id: string) => ['voice-card', id] as const,
  installs: ['installs'] as const,
  serverUses: (name: string) => ['speech-server-uses', name] as const,
  servers: ['speech-servers'] as const,
  machines: ['machines'] as const,
  inbox: ['inbox'] as const,
  imports: ['imports'] as const,
  import: (id: string, states: string) => ['imports', id, states] as const,
  chatModel: ['chat-model'] as const,
  opdsSources: ['opds-sources'] as const,
  opdsPage: (id: string, place: string) => ['opds-page', id, place] as const,
  opdsFetches: ['opds-fetches'] as const,
  webhooks: ['webhooks'] as const,
  deliveries: (id: string) => ['webhook-log', id] as const,
  trash: ['trash'] as const,
  account: ['account'] as const,
  accountLink: (secret: string) => ['account-link', secret] as const,
  sessions: ['sessions'] as const,
  tokens: ['tokens'] as const,
  people: ['people'] as const,
  invitations: ['invitations'] as const,
  audit: ['audit'] as const,
  house: ['house'] as const,
}

/** A chapter in one voice at one speed. */
export interface Sound {
  readonly novelId: string
  readonly chapterNumber: number
  readonly voice: string
  readonly speed: number
}

/** As a map's key. */
export function soundKey(of: Sound): string {
  return `${of.novelId}/${of.chapterNumber}/${of.voice}/${of.speed}`
}
